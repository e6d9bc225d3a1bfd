// What roles of a mission get to know, and above all what not.
import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { blocksOf, contextFor, measureContext, type ManagerContext, type MissionContext, type QcContext, type WorkerContext } from "../../src/core/mission/contextFor";

const WITHHELD_FROM_WORKER = ["mission", "criteria", "qcPreamble", "checkResults", "diff", "research", "planningNotes", "alternatives", "otherTasks", "workerReasoning"];
const WITHHELD_FROM_QC = ["mission", "description", "workerPreamble", "files", "dependencies", "research", "planningNotes", "alternatives", "otherTasks", "workerReasoning"];

/** Every text begins with the name of its field, so that it can be found wherever it turns up. */
const contexts: fc.Arbitrary<MissionContext> = (() => {
  const text = (field: string): fc.Arbitrary<string> => fc.string({ maxLength: 20, unit: "grapheme" }).map((rest) => `<<${field}>>${rest}`);
  const texts = (field: string): fc.Arbitrary<string[]> => fc.array(text(field), { maxLength: 14, size: "max" });
  return fc.record({
    mission: fc.record({ title: text("mission"), request: text("mission"), overview: text("mission") }),
    title: text("title"),
    requirements: texts("requirements"),
    description: text("description"),
    criteria: texts("criteria"),
    workerPreamble: text("workerPreamble"),
    qcPreamble: text("qcPreamble"),
    files: fc.array(fc.record({ path: text("files"), text: text("files") }), { maxLength: 14, size: "max" }),
    dependencies: fc.array(fc.record({ id: text("dependencies"), title: text("dependencies"), result: text("dependencies") }), { maxLength: 9, size: "max" }),
    checkResults: texts("checkResults"),
    diff: text("diff"),
    research: text("research"),
    planningNotes: text("planningNotes"),
    alternatives: texts("alternatives"),
    otherTasks: texts("otherTasks"),
    workerReasoning: text("workerReasoning"),
  });
})();

describe("contextFor", () => {
  it("gives a worker nothing but what it needs, whatever is known", () => {
    fc.assert(
      fc.property(contexts, (context) => {
        const worker = contextFor("worker", context);
        assertWithheld([JSON.stringify(worker), ...blocksOf(worker).flatMap(({ label, text }) => [label, text])], WITHHELD_FROM_WORKER);
        assert.deepEqual(worker.files, context.files.slice(0, 10));
        assert.deepEqual(worker.dependencies, context.dependencies.slice(0, 5));
        assert.deepEqual(worker.leftOut, { files: context.files.length - worker.files.length, dependencies: context.dependencies.length - worker.dependencies.length });
        assert.deepEqual([worker.title, worker.requirements, worker.description, worker.workerPreamble], [context.title, context.requirements, context.description, context.workerPreamble]);
      }),
    );
  });

  it("gives a qc what it judges and by what, and nothing of how the work was done", () => {
    fc.assert(
      fc.property(contexts, (context) => {
        const qc = contextFor("qc", context);
        assertWithheld([JSON.stringify(qc), ...blocksOf(qc).flatMap(({ label, text }) => [label, text])], WITHHELD_FROM_QC);
        const { title, requirements, criteria, qcPreamble, checkResults, diff } = context;
        assert.deepEqual(qc, { role: "qc", title, requirements, criteria, qcPreamble, checkResults, diff });
      }),
    );
  });

  it("gives the project manager everything", () => {
    fc.assert(
      fc.property(contexts, (context) => {
        const manager = contextFor("project_manager", context);
        assert.deepEqual(manager, { role: "project_manager", ...context });
        const sent = blocksOf(manager).map(({ label, text }) => `${label}\n${text}`).join("\n");
        for (const text of textsOf(context)) assert.ok(sent.includes(text), text);
      }),
    );
  });

  it("cannot, by its types, hand research or reasoning on", () => {
    const manager: ManagerContext = contextFor("project_manager", SAMPLE);
    const { leftOut } = contextFor("worker", SAMPLE);
    // @ts-expect-error A context that carries research is no worker's context, whatever it is called.
    const worker: WorkerContext = { ...manager, role: "worker", leftOut };
    // @ts-expect-error Nor is one with the worker's reasoning a qc's.
    const qc: QcContext = { ...contextFor("qc", SAMPLE), workerReasoning: manager.workerReasoning };
    assert.ok("research" in worker && "workerReasoning" in qc, "these would have carried it");
  });
});

describe("measureContext", () => {
  it("measures bytes and tokens beside the project manager's", () => {
    const { bytes, tokens, managerBytes, managerTokens, reduction } = measureContext("worker", SAMPLE);
    const sent = blocksOf(contextFor("worker", SAMPLE)).map(({ text }) => text);
    assert.equal(bytes, Buffer.byteLength(sent.join("")));
    assert.equal(tokens, sent.reduce((sum, text) => sum + Math.ceil(text.length / 4), 0));
    assert.ok(managerBytes > 30_000);
    assert.equal(reduction, 1 - tokens / managerTokens);
    assert.ok(reduction > 0.99, `${reduction}`);
  });

  it("finds no reduction for the project manager itself, nor where there is nothing", () => {
    assert.equal(measureContext("project_manager", SAMPLE).reduction, 0);
    const nothing = Object.fromEntries(Object.entries(SAMPLE).map(([key, value]) => [key, typeof value === "string" ? "" : key === "mission" ? value : []])) as unknown as MissionContext;
    assert.equal(measureContext("worker", nothing).tokens, 0);
  });
});

const SAMPLE: MissionContext = {
  mission: { title: "Accounts", request: "Let people sign in", overview: "Six tasks" },
  title: "Hash passwords",
  requirements: ["Use scrypt", "Keep the API – as it is"],
  description: "Write src/hash.ts.",
  criteria: ["Equal passwords give different hashes"],
  workerPreamble: "You write TypeScript.",
  qcPreamble: "You verify security.",
  files: [{ path: "src/hash.ts", text: "" }, { path: "src/user.ts", text: "export interface User {}" }],
  dependencies: [{ id: "task-0", title: "Environment", result: "Node 20" }],
  checkResults: ["K1: green"],
  diff: "+ scrypt",
  research: "What libraries do. ".repeat(2_000),
  planningNotes: "First hash, then sign in.",
  alternatives: ["argon2", "bcrypt"],
  otherTasks: ["Sign in", "Sign out"],
  workerReasoning: "I tried bcrypt first.",
};

function assertWithheld(sent: readonly string[], fields: readonly string[]): void {
  for (const field of fields) assert.ok(sent.every((text) => !text.includes(`<<${field}>>`)), `${field} gets through`);
}

function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
