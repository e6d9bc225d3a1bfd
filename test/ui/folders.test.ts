// Folders that are not as one wishes, side by side in one window: each task comes to its end, or the window says why not.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ROLES, type TaskId, type TaskRequest } from "../../src/core/domain/task";
import { numbered } from "../builders/eventBuilder";
import { writeJournal } from "../builders/journalOnDisk";
import { recordedRun } from "../builders/recordedRun";
import { Repo, aRepository } from "../builders/repoBuilder";
import { aTaskRequest } from "../builders/samples";
import { aPassingScript } from "../builders/scriptBuilder";
import { until } from "../editor/until";
import type { EditorWindow } from "./editorWindow";
import { RUN_LIMIT_MS, eventsOf, happens } from "./taskJournal";
import { useWorkbench } from "./workbench";

const FILES = { "README.md": "# Greetings\n" };

/** By the name of the folder. */
const SHAPES: Readonly<Record<string, (dir: string) => void>> = {
  "no git": (dir) => new Repo(dir).write("README.md", "# Greetings\n"),
  "Grüße und Maße": (dir) => void aRepository(dir, FILES),
  detached: (dir) => {
    const repo = aRepository(dir, FILES);
    repo.commit({ "later.txt": "later" });
    repo.git("checkout", "-q", "--detach", "HEAD~1");
  },
  empty: (dir) => void aRepository(dir, {}),
};
const NAMES = Object.keys(SHAPES);
const DAMAGED = "damaged";

const titleIn = (name: string): string => `Greet in ${name}`;
const journalIn = (folder: string): string => path.join(folder, ".countersign/state/journal.ndjson");

/** A workspace of all of them; each but the damaged one has a task that is played by a script. */
function workspaceOf(root: string): string {
  const script = path.join(root, "script.json");
  writeFileSync(script, JSON.stringify(aPassingScript().build()));
  for (const name of NAMES) {
    const dir = path.join(root, name);
    mkdirSync(dir);
    SHAPES[name]?.(dir);
    const models = Object.fromEntries(ROLES.map((role) => [role, `script:${script}`])) as TaskRequest["models"];
    const request = aTaskRequest({ id: `greet-${NAMES.indexOf(name)}000` as TaskId, title: titleIn(name), description: titleIn(name), models });
    writeJournal(dir, numbered(request.id, [{ kind: "taskCreated", request, type: "multi_agent", reason: "PREP" }]));
    writeFileSync(path.join(dir, ".countersign/.gitignore"), "*\n");
  }
  const damaged = path.join(root, DAMAGED);
  aRepository(damaged, FILES);
  writeJournal(damaged, recordedRun());
  const lines = readFileSync(journalIn(damaged), "utf8").split("\n");
  writeFileSync(journalIn(damaged), lines.with(20, "what is this").join("\n"));
  const file = path.join(root, "odd.code-workspace");
  writeFileSync(file, JSON.stringify({ folders: [...NAMES, DAMAGED].map((name) => ({ path: name })) }));
  return file;
}

describe("folders of every shape in one window", function () {
  this.timeout(4 * RUN_LIMIT_MS);
  const workbench = useWorkbench({ workspace: workspaceOf, settings: { "countersign.sealedChecks": false } });
  const folder = (name: string): string => path.join(path.dirname(workbench().opened), name);

  it("says of a damaged journal that it is, and where, beside the others that work", async () => {
    const { window } = workbench();
    const before = readFileSync(journalIn(folder(DAMAGED)));
    await window.openContainer("Countersign");
    await window.treeItem("Tasks", DAMAGED).waitFor();
    assert.match(await window.treeItem("Tasks", DAMAGED).innerText(), /is damaged|The journal/);
    for (const name of NAMES) await window.treeItem("Tasks", name).waitFor();
    assert.deepEqual(readFileSync(journalIn(folder(DAMAGED))), before, "nothing is overwritten");
  });

  for (const name of NAMES) {
    it(`comes to its end in a folder that is ${JSON.stringify(name)}`, async () => {
      const { window } = workbench();
      await window.runCommand("Countersign: Run");
      // The last one is not asked for.
      if (NAMES.at(-1) !== name) await window.pick(titleIn(name));
      await happens(folder(name), "taskPassed");
      assert.deepEqual(eventsOf(folder(name), "attemptCommitted").at(-1)?.files.map((file) => file.path), ["greeting.txt"]);
    });
  }

  it("shows what is left of a transcript when a task's folder is deleted beside it, and forgets the task", async () => {
    const { window } = workbench();
    await window.runCommand("Countersign: Show Transcript");
    await window.pick(titleIn("detached"));
    await window.pick(/Generator, attempt 1/);
    await window.editorShows("# Generator, attempt 1: Greet in detached");
    rmSync(path.join(folder("detached"), ".countersign"), { recursive: true });
    // Whoever has worked keeps the journal for a quarter of a minute; until then the task is known from memory.
    await until("the task is not offered any more", () => isForgotten(window, titleIn("detached")), RUN_LIMIT_MS);
    await window.editorShows("# Generator, attempt 1: Greet in detached");
  });

  it("still says the same of the damaged journal, which nobody has touched", () => {
    assert.match(readFileSync(journalIn(folder(DAMAGED)), "utf8"), /\nwhat is this\n/);
  });
});

async function isForgotten(window: EditorWindow, title: string): Promise<boolean> {
  await window.runCommand("Countersign: Export Task…");
  await window.asksFor("Export which task?");
  const offered = await window.quickInput.innerText();
  await window.page.keyboard.press("Escape");
  return !offered.includes(title);
}
