// The editor's own language models, for real: a second extension provides one, and a task is run through vscode.lm.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { extensions, workspace } from "vscode";
import { ROLES } from "../../src/core/domain/task";
import { until } from "../editor/until";
import { aHostTask, run, type HostTask } from "./hostTasks";

interface ProvidedTurn {
  readonly text?: string;
  readonly calls?: readonly { readonly name: string; readonly input: object }[];
  readonly fails?: "NotFound" | "NoPermissions" | "Blocked";
  readonly hangs?: boolean;
}

/** What test/host/extensions/languageModels exports. */
interface Provider {
  readonly vendor: string;
  readonly requests: readonly { readonly model: string; readonly roles: readonly number[]; readonly texts: readonly string[]; readonly tools: readonly string[] }[];
  script(id: string, turns: readonly ProvidedTurn[]): void;
  remove(id: string): void;
}

describe("the editor's own language models", () => {
  let provider: Provider;

  before(async () => {
    const helper = extensions.getExtension<Provider>("countersign.countersign-test-models");
    assert.ok(helper !== undefined, "the extension that provides models is not installed in this window");
    provider = await helper.activate();
    await workspace.getConfiguration("chat").update("disableAIFeatures", false, true);
  });
  after(async () => {
    await workspace.getConfiguration("chat").update("disableAIFeatures", undefined, true);
  });

  async function aTaskAsking(id: string, turns: readonly ProvidedTurn[], text = "Greet the reader"): Promise<HostTask> {
    provider.script(id, turns);
    const models = Object.fromEntries(ROLES.map((role) => [role, `vscode:${provider.vendor}/${id}`]));
    return aHostTask({ text, category: "DISPATCH", models });
  }

  it("do a whole task: system prompt, tools, results, answer; counted, without a made-up price", async () => {
    const write = { name: "write_file", input: { path: "from-the-editor.txt", content: "hello\n" } };
    const task = await aTaskAsking("worker", [{ text: "I write it.", calls: [write] }, { text: "I wrote from-the-editor.txt: it says hello." }]);
    assert.equal(await run("runTask", { target: task.target }), true);
    await task.until("taskPassed");
    const [answer] = task.eventsOf("singleAgentAnswered");
    assert.equal(answer?.text, "I wrote from-the-editor.txt: it says hello.");
    assert.deepEqual(task.eventsOf("attemptCommitted")[0]?.files.map(({ path: file, status }) => [file, status]), [["from-the-editor.txt", "added"]]);

    const asked = provider.requests.filter(({ model }) => model === "worker");
    assert.deepEqual(asked.map(({ roles }) => roles), [[1], [1, 2, 1]]);
    assert.ok(asked[0]?.tools.includes("write_file") && asked[0].tools.includes("run_command"));
    assert.match(asked[0]?.texts.join("\n") ?? "", /Greet the reader/);

    const turns = task.eventsOf("turnCompleted");
    assert.deepEqual(turns.map(({ usd }) => usd), [null, null], "nobody says what it costs");
    assert.ok(turns.every(({ usage }) => usage.input > 100 && usage.output > 5));
    assert.ok((turns[1]?.usage.input ?? 0) > (turns[0]?.usage.input ?? 0), "the conversation grows");
  });

  it("are streamed to the transcript word for word", async () => {
    const task = await aTaskAsking("talker", [{ text: "One two three four." }]);
    await run("runTask", { target: task.target });
    await task.until("taskPassed");
    const [session] = task.eventsOf("sessionStarted");
    assert.match(readFileSync(task.file(path.join("sessions", `${session?.session ?? ""}.ndjson`)), "utf8"), /One two three four\./);
  });

  it("end a task with the reason where they refuse, and go on when it is resumed", async () => {
    const task = await aTaskAsking("moody", [{ fails: "Blocked", text: "monthly quota exceeded" }]);
    await run("runTask", { target: task.target });
    await task.until("taskPaused");
    assert.match(task.eventsOf("taskPaused")[0]?.detail ?? "", /monthly quota exceeded/);
    provider.script("moody", [{ text: "Now I can." }]);
    assert.equal(await run("resumeTask", { target: task.target, models: "created" }), true);
    await task.until("taskPassed");
  });

  it("stop at once when the task is cancelled", async () => {
    const task = await aTaskAsking("slow", [{ text: "I begin", hangs: true }]);
    await run("runTask", { target: task.target });
    await until("the model is asked", () => provider.requests.some(({ model }) => model === "slow"));
    assert.equal(await run("cancelTask", { target: task.target }), true);
    assert.equal(task.eventsOf("taskCancelled").length, 1);
  });
});
