import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import * as fc from "fast-check";
import type { MissionPlan, PlannedTask } from "../../src/core/domain/mission";
import { parseChain, type Chain } from "../../src/core/mission/chain/chainFile";
import { printChain } from "../../src/core/mission/chain/printChain";
import { aPlannedTask } from "../builders/missionBuilder";

const FOLDER = path.resolve("test/fixtures/chains");
const fixture = (name: string): string => readFileSync(path.join(FOLDER, `${name}.md`), "utf8");

function chainOf(text: string): Chain {
  const result = parseChain(text);
  assert.ok(result.kind === "parsed", result.kind === "refused" ? result.problems.join("\n") : "");
  return result.chain;
}

function problemsOf(text: string): readonly string[] {
  const result = parseChain(text);
  return result.kind === "refused" ? result.problems : [];
}

const tasksOf = (text: string): readonly PlannedTask[] => chainOf(text).plan.tasks;
const edgesOf = (text: string): Readonly<Record<string, readonly string[]>> => Object.fromEntries(tasksOf(text).map(({ id, dependencies }) => [id, dependencies]));
/** The first task of a text that is one task with this in it. */
const taskWith = (...fields: readonly string[]): PlannedTask | undefined => tasksOf(["**Task ID:** task-1", ...fields].join("\n\n"))[0];

describe("parseChain", () => {
  const graphs: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
    boldLabels: { "task-0": [], "task-1.1": ["task-0"], "task-1.2": ["task-0", "task-1.1"], "task-1.3": ["task-1.1", "task-1.2"] },
    headingLabels: { "task-1.1": [], "task-1.2": ["task-1.1"] },
    idInHeading: { "task-1.1": [], "task-2.1": ["task-1.1"], "task-2.2": ["task-1.1", "task-2.1"] },
    phaseHeadings: { "task-1.1": [], "task-2.1": ["task-1.1"] },
    headingAndLabel: { "task-1.1": [], "task-2.1": ["task-1.1"] },
    listItems: { "task-1.1": [], "task-1.2": [], "task-2.1": ["task-1.1", "task-1.2"] },
    richItems: { "task-1.1": [], "task-1.2": ["task-1.1"] },
    foreignIds: { "node-4-1760": [], "node-5-1760": ["node-4-1760"] },
    wrapped: { "task-1": [], "task-2": ["task-1"] },
  };

  it("has an expectation for every fixture", () => {
    assert.deepEqual(readdirSync(FOLDER).toSorted(), Object.keys(graphs).map((name) => `${name}.md`).toSorted());
  });

  for (const [name, graph] of Object.entries(graphs)) {
    it(`finds every task of ${name} and what it waits for`, () => assert.deepEqual(edgesOf(fixture(name)), graph));

    it(`gives every line of ${name} to one task or to a section`, () => {
      const text = fixture(name);
      const { tasks, sections } = chainOf(text);
      const kept = [
        ...sections.flatMap((section) => section.text.split("\n")),
        ...tasks.flatMap(({ task, heading, alias, fields }) => [heading ?? "", alias ?? "", task.id, ...fields.flatMap((field) => [field.label, ...field.text.split("\n")])]),
      ].join("\n");
      for (const line of text.split("\n")) {
        // The words of a line, without the marks that make it a heading, an item or a label; ids have one spelling.
        const words = line.match(/[\p{L}\p{N}][\p{L}\p{N}.]*/gu)?.filter((word) => !/^(?:task|id|markdown)$/i.test(word)) ?? [];
        for (const word of words) assert.ok(kept.includes(word.replace(/\.$/, "")), `"${word}" of "${line}"`);
      }
    });

    it(`reads ${name} with Windows line ends as it is`, () => {
      const { dag: _, ...expected } = chainOf(fixture(name));
      const { dag: __, ...actual } = chainOf(`\ufeff${fixture(name).replaceAll("\n", "\r\n")}`);
      assert.deepEqual(actual, expected);
    });

    it(`prints ${name} so that it reads back the same`, () => {
      const { plan } = chainOf(fixture(name));
      assert.deepEqual(chainOf(printChain(plan)).plan, plan);
    });
  }

  it("takes a prompt whole: blocks, headings, labels and breaks of its own", () => {
    const [, tools] = tasksOf(fixture("boldLabels"));
    assert.equal(tasksOf(fixture("boldLabels"))[0]?.prompt.split("\n").at(-1), "Report what is missing.");
    assert.match(tools?.prompt ?? "", /^Execute ALL 2 steps[^]*## Notes\n\nKeep the order of columns\.$/);
    const [folded, tagged] = tasksOf(fixture("headingLabels"));
    assert.match(folded?.prompt ?? "", /^# Define the architecture[^]*\*\*Dependencies:\*\* list the libraries[^]*\n### Task ID: task-9\.9\nThat is an example of a heading\.$/);
    assert.match(tagged?.prompt ?? "", /^# Write the queues\n\n```ts\nexport const queues = 3;\n```\n\n## OUTPUT\nA module\.$/);
    assert.equal(tasksOf(fixture("listItems"))[1]?.prompt, "Write `templates/greeting.txt`.  \n- Output format:\n  ```\n  ## Greeting\n\n  - **Title:** <name>\n  ...\n  ```");
    assert.equal(tasksOf(fixture("foreignIds"))[0]?.prompt, 'Add GET /health.\n\nDEPENDENCIES:\n- none\n\n```json\n{ "status": "healthy" }\n```\n\nNOTE: small.');
    assert.equal(tasksOf(fixture("foreignIds"))[1]?.prompt, "Write it in two stages.");
    assert.equal(tasksOf(fixture("wrapped"))[1]?.prompt, "Beep three times.\n\n**Title:** is no title here.");
  });

  it("leaves out of the last task what belongs to none", () => {
    for (const name of Object.keys(graphs)) {
      const { tasks, sections } = chainOf(fixture(name));
      const last = JSON.stringify(tasks.at(-1));
      for (const words of ["Dependency Summary", "Worker Agent Instructions", "End of Document", "Phase 3", "PHASE 3", "Quick Start", "Phase 2: Dependency", "ready"]) assert.ok(!last.includes(words), `${name}: ${words}`);
      if (name !== "wrapped") assert.equal(sections.at(-1)?.place, "appendix", name);
    }
  });

  it("reads the fields of a task that has all of them", () => {
    assert.deepEqual(tasksOf(fixture("boldLabels"))[1], {
      id: "task-1.1",
      title: "Write the XLSX writer",
      workerRole: "Backend engineer who knows spreadsheets",
      qcRole: "Spreadsheet auditor who opens every file",
      model: null,
      prompt: "Execute ALL 2 steps in order:\n[ ] 1. Add `src/export/xlsx.ts`.\n[ ] 2. Test it with the fixtures of the CSV writer.\n\n## Notes\n\nKeep the order of columns.",
      context: "- The CSV writer is `src/export/csv.ts`.\n\n**Tool-Based Execution:**\n- Use: read_file, edit_file\n- Do NOT: touch the CSV writer\n\n**Estimated Tool Calls:**\n20-25\n(the tests included)",
      dependencies: ["task-0"],
      criteria: ["`src/export/xlsx.ts` exists", "(100 pts) `npm test` passes"],
      verificationCommands: [],
      files: [],
      maxRetries: 3,
      estimatedToolCalls: 25,
      estimatedDuration: "30 minutes",
      parallelGroup: 1,
    });
    const [seat] = tasksOf(fixture("richItems"));
    assert.deepEqual(seat?.files, ["src/seat.ts", "src/row.ts"]);
    assert.deepEqual(seat?.verificationCommands, ["npx tsc src/seat.ts", "Manual review of the types"]);
    assert.deepEqual(seat?.criteria, ["A seat has a row and a number", "**Security:** no personal data", "**Functionality:** seats can be compared"]);
    assert.match(seat?.prompt ?? "", /^Create the model of a seat\n\n\*\*Context:\*\* There is no model yet\.[^]*Edge Cases:\*\* Row zero/);
    assert.equal(tasksOf(fixture("headingLabels"))[0]?.criteria[1], "Functionality: Three queues");
  });

  it("takes a QC role that is given for all tasks", () => {
    assert.equal(tasksOf(fixture("idInHeading"))[2]?.qcRole, "Senior editor of cookbooks.\nChecks every link.");
    assert.equal(tasksOf(fixture("headingAndLabel"))[0]?.qcRole, "Senior bilingual reviewer.");
  });

  it("says what it assumed, by task", () => {
    assert.deepEqual(chainOf(fixture("boldLabels")).warnings, []);
    assert.deepEqual(chainOf(fixture("headingLabels")).warnings, [
      "No estimated tool calls, 33 assumed: task-1.1.",
      "No title, taken from the prompt: task-1.1, task-1.2.",
      "No max retries, 2 assumed: task-1.2.",
      "Line 47 stands in a block of text and is read as text, although it looks like a task.",
      "There is no task-0: one that validates the environment is put before the others.",
    ]);
  });

  describe("spellings", () => {
    const ids: readonly (readonly [string, string])[] = [
      ["**Task ID:** task-1.1", "task-1.1"],
      ["**Task ID**: task-1.1", "task-1.1"],
      ["**Task ID: task-1.1**", "task-1.1"],
      ["__Task ID:__ Task 1.1", "task-1.1"],
      ["- **Task ID:** TASK-1.1", "task-1.1"],
      ["  * **Task ID**: `task-1.1`", "task-1.1"],
      ["### Task ID: task-1.1  ", "task-1.1"],
      ["#### **Task ID:** task-1.1", "task-1.1"],
      ["## 🎯 Task ID: task_1.1", "task-1.1"],
      ["#### **Task ID**\n\n`task-1.1`", "task-1.1"],
      ["**Task ID**\ntask-1.1", "task-1.1"],
      ["Task ID: task-1.1", "task-1.1"],
      ["**Task-ID:** 1.1", "task-1.1"],
      ["**ID:** T-07", "T-07"],
      ["**Task ID:** setup_database", "setup_database"],
      ["**Task:** task-3 - Write it", "task-3"],
      ["### **task-1.1: Write it**", "task-1.1"],
      ["### Task 1.1: Write it", "task-1.1"],
      ["## Task 0 — Look around", "task-0"],
      ["#### [Task 2.3] Write it", "task-2.3"],
      ["### ✅ Task #4: Write it", "task-4"],
    ];
    for (const [line, id] of ids) {
      it(`of an id: ${JSON.stringify(line)}`, () => {
        const isPlain = line.startsWith("Task ID");
        const tasks = tasksOf(`# Plan\n\n${line}\n\n${isPlain ? "Prompt: Do it." : "**Prompt:** Do it."}\n`);
        assert.deepEqual(tasks.map((task) => [task.id, task.prompt]), [[id, "Do it."]]);
      });
    }

    const noIds = ["- Task 1.1 is done", "| task-1.1 | Title |", "1. **task-1.1:** Title", "### Task sizing", "### 1.1 Write it", "Task 1: do it", "- **task-1.1** → **task-1.2**", "**Tasks:** 3", "**ID:** none"];
    for (const line of noIds) {
      it(`that are no task: ${JSON.stringify(line)}`, () => assert.match(problemsOf(`# Plan\n\n${line}\n\nText.\n`)[0] ?? "", /^No task was found\./));
    }

    const values: readonly (readonly [string, keyof PlannedTask, unknown])[] = [
      ["**QC Agent Role:** A", "qcRole", "A"],
      ["**QC Agent Role Description:** A", "qcRole", "A"],
      ["**QC Agent Role:** A\n\n**QC Agent Role Description:** B", "qcRole", "A\nB"],
      ["**QC Role Description**: A", "qcRole", "A"],
      ["**Agent Role Description**\nA", "workerRole", "A"],
      ["**Worker Role:** A", "workerRole", "A"],
      ["**Agent Role:**\n\nA\nB", "workerRole", "A\nB"],
      ["**Recommended Model:** `m-1`", "model", "m-1"],
      ["**PM-Suggested Model:** m-1", "model", "m-1"],
      ["**Recommended Model:** N/A", "model", null],
      ["**Recommended Model:** None", "model", null],
      ["**Max Retries:** 3", "maxRetries", 3],
      ["**maxRetries:** 0", "maxRetries", 0],
      ["**Max. Retries:** N/A", "maxRetries", 2],
      ["**Maximum Retries** - 4", "maxRetries", 4],
      ["**Max Attempts:** 3", "maxRetries", 2],
      ["**Estimated Tool Calls:** ~20", "estimatedToolCalls", 20],
      ["**Est. Tool Calls:** 8–12", "estimatedToolCalls", 12],
      ["**Tool Calls (estimated):** 15 calls", "estimatedToolCalls", 15],
      ["**Parallel Group:** 2 (tests)", "parallelGroup", 2],
      ["**Parallel Group:** Group 3", "parallelGroup", 3],
      ["**Parallel Group:** N/A", "parallelGroup", null],
      ["**Task Prompt**: Do it.", "prompt", "Do it."],
      ["**Optimized Prompt:**\n<details>\n<summary>Click to expand</summary>\n\n<prompt>\nDo it.\n</prompt>\n\n</details>", "prompt", "Do it."],
      ["**Prompt:** <prompt>Do it.</prompt>", "prompt", "Do it."],
      ["**Prompt:**\n\n~~~~\nDo it.\n~~~\n\n~~~~", "prompt", "Do it.\n~~~\n"],
      ["**Description:** Do it.", "prompt", "Do it."],
      ["**Success Criteria:** A\n\n**Verification Criteria**\n1. B\n2. C", "criteria", ["A", "B", "C"]],
      ["**Acceptance Criteria:**\n- [x] A\n  - a\n- [ ] B", "criteria", ["A\n- a", "B"]],
      ["**Verification:**\n- `npm test`\n- It is fast", "verificationCommands", ["npm test"]],
      ["**Verification:**\n- `npm test`\n- It is fast", "criteria", ["It is fast"]],
      ["**Verification Commands:**\n```sh\nnpm test\n```", "verificationCommands", ["npm test"]],
      ["**Files Written:** [a.ts, `b c.ts`]", "files", ["a.ts", "b c.ts"]],
      ["**Files to modify:** None", "files", []],
      ["**Estimated Duration:** 5-10 minutes", "estimatedDuration", "5-10 minutes"],
    ];
    for (const [text, key, value] of values) {
      it(`of a field: ${JSON.stringify(text)}`, () => assert.deepEqual(taskWith(text)?.[key], value));
    }

    const dependencies: readonly (readonly [string, readonly string[]])[] = [
      ["None", []],
      ["none (Task 1 runs first)", []],
      ["N/A", []],
      ["-", []],
      ["", []],
      ["task-1.1, task-2", ["task-1.1", "task-2"]],
      ["1.1, 2", ["task-1.1", "task-2"]],
      ["task-1.1,2", ["task-1.1", "task-2"]],
      ["Task 1.1 and Task 2", ["task-1.1", "task-2"]],
      ["tasks 1.1 & 2", ["task-1.1", "task-2"]],
      ["[task-1.1, task-2]", ["task-1.1", "task-2"]],
      ["`task-1.1`; **TASK-2**", ["task-1.1", "task-2"]],
      ["\n- task-1.1 (the schema, its tests)\n- task-2: the rest", ["task-1.1", "task-2"]],
      ["Write the schema", ["task-1.1"]],
      ["task-2, task-2", ["task-2"]],
      ["tasks 1.1–2", ["task-1.1", "task-2"]],
      ["all previous tasks", ["task-1.1", "task-2"]],
      ["task-1.1, because it has the schema", ["task-1.1"]],
      ["task-1.1 output", ["task-1.1"]],
      ["the result of Task 2 in 3 parts", ["task-2"]],
      ["#1.1 and #2", ["task-1.1", "task-2"]],
    ];
    for (const [text, ids_] of dependencies) {
      it(`of dependencies: ${JSON.stringify(text)}`, () => {
        const file = `**Task ID:** task-1.1\n**Title:** Write the schema\n\n**Task ID:** task-2\n\n**Task ID:** task-3\n**Dependencies:** ${text}\n`;
        assert.deepEqual(edgesOf(file)["task-3"], ids_);
      });
    }
  });

  describe("refuses", () => {
    it("ids that are given twice, with their lines", () => {
      assert.deepEqual(problemsOf("**Task ID:** task-1\n**Prompt:** A\n\n---\n\n**Task ID:** task-2\n**Prompt:** B\n\n### Task 1: Again\n**Prompt:** C\n"), [
        'The id "task-1" is given to 2 tasks, on lines 1, 9.',
      ]);
      assert.deepEqual(problemsOf("- **Task ID:** task-1\n- **Prompt:** A\n\n- **Task ID:** task-1\n- **Prompt:** B\n"), ['The id "task-1" is given to 2 tasks, on lines 1, 4.']);
    });

    it("dependencies that are no task of the file", () => {
      const file = "**Task ID:** task-1\n**Dependencies:** task-9.9, task-missing\n\n**Task ID:** task-2\n**Dependencies:** The approval of the board\n";
      assert.deepEqual(problemsOf(file), [
        '"task-1" (line 1) depends on "task-9.9", and there is no such task in the file.',
        '"task-1" (line 1) depends on "task-missing", and there is no such task in the file.',
        '"task-2" (line 4) depends on "The approval of the board", and there is no such task in the file.',
      ]);
    });

    it("phases and other numbers as dependencies", () => {
      for (const text of ["Phase 1", "2 approvals", "step-1", "1.9"]) {
        assert.deepEqual(problemsOf(`**Task ID:** task-1\n\n**Task ID:** task-2\n**Dependencies:** ${text}\n`).length, 1, text);
      }
    });

    it("circles, with the exact path and the lines", () => {
      const file = ["a-1", "b-2", "c-3"].map((id, at, all) => `**Task ID:** ${id}\n**Dependencies:** ${all[(at + 1) % 3] ?? ""}\n`).join("\n");
      assert.deepEqual(problemsOf(file), ["Tasks wait for each other in a circle: a-1 → b-2 → c-3 → a-1 (lines 1, 4, 7)."]);
    });

    it("a file without a task, and an empty one", () => {
      for (const text of ["", "\n\n", "# Plan\n\nNothing yet.\n"]) assert.match(problemsOf(text)[0] ?? "", /^No task was found\./);
    });
  });

  it("takes a closing remark for no part of the last task", () => {
    for (const remark of ["All 2 tasks are ready.", "**All 2 tasks are ready.**", "If you need more, let me know!"]) {
      const { tasks, sections } = chainOf(`**Task ID:** task-1\n\n**Prompt:** Do it.\n\n**Max Retries:** 2\n\n${remark}\n`);
      assert.deepEqual(sections.map(({ place, text }) => [place, text.trim()]), [["appendix", remark]]);
      assert.equal(tasks[0]?.task.context, undefined);
    }
    assert.equal(taskWith("**Max Retries:** 2", "**Remember:** it is late.")?.prompt.includes("it is late"), true);
    assert.equal(taskWith("**Max Retries:** 2", "A word about it.", "**Prompt:** Do it.")?.context?.includes("A word about it."), true);
  });

  it("keeps the tasks behind a code block that is never closed", () => {
    const file = "**Task ID:** task-1\n**Prompt:**\n```\nDo it.\n\n**Task ID:** task-2\n**Prompt:** Do that.\n";
    assert.deepEqual(tasksOf(file).map(({ id }) => id), ["task-1", "task-2"]);
    const closedBelow = `${file}\n**Task ID:** task-3\n**Prompt:**\n\`\`\`\nDo more.\n\`\`\`\n**Dependencies:** task-2\n`;
    assert.deepEqual(edgesOf(closedBelow), { "task-1": [], "task-2": [], "task-3": ["task-2"] });
    assert.equal(tasksOf(closedBelow)[2]?.prompt, "Do more.");
  });

  it("takes a task within a closed block for an example", () => {
    const file = "**Task ID:** task-1\n**Prompt:**\n```\nWrite a file like this:\n\n**Task ID:** task-2\n**Prompt:** Do that.\n```\n**Dependencies:** None\n";
    assert.deepEqual(tasksOf(file).map(({ id, prompt }) => [id, prompt.split("\n").at(-1)]), [["task-1", "**Prompt:** Do that."]]);
    assert.match(chainOf(file).warnings.join("\n"), /Line 6 stands in a block of text and is read as text, although it looks like a task\./);
  });

  it("reads long files of anything in one pass", function () {
    // Each would take hours where a line is looked at once for every other line.
    this.timeout(60_000);
    const size = 100_000;
    const head = "**Task ID:** task-1\n**Prompt:** go\n";
    const lines = ["word ", " ", "*", "`", "(", "task-1 ", "#\n", "# a: b\n", "```js\n", "```md\n```js\n```\n", "<details>\n", "**Note:** x\n", "**Dependencies:** none\n", "---\n", "- [ ] a\n", "\n", "### Task 2\n"];
    for (const line of lines) {
      const text = `${line.repeat(size / line.length)}x\n`;
      for (const file of [head + text, `${head}**Verification Criteria:**\n${text}**Files:** ${text}`]) {
        const result = parseChain(file);
        assert.ok(result.kind === "parsed" ? result.chain.tasks.length > 0 : result.problems.length > 0, line);
      }
    }
  });
});

describe("printChain", () => {
  const nasty = fc.oneof(
    fc.string({ unit: "binary", maxLength: 40 }),
    fc.array(fc.constantFrom("**Task ID:** task-9", "```", "````md", "~~~", "<details>", "</details>", "<prompt>", "</prompt>", "---", "# H", "### Task 1.1: x", "- [ ] a", "None", "N/A", "**Prompt:**", "a: b", "", "  b", "`c`", "<!--", "-->", "| a | b |", "\t", "x\r", "\u2028"), { maxLength: 8 }).map((lines) => lines.join("\n")),
  );
  const filled = nasty.filter((text) => text.trim() !== "");
  const id = fc.oneof(fc.stringMatching(/^task-\d{1,2}(?:\.\d)?$/), fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,12}$/));
  const plans: fc.Arbitrary<MissionPlan> = fc
    .record({
      title: filled.map((text) => text.trim()),
      request: nasty,
      overview: nasty,
      assumptions: fc.array(filled, { maxLength: 3 }),
      tasks: fc.uniqueArray(
        fc.record({
          id,
          title: filled,
          workerRole: filled,
          qcRole: filled,
          model: fc.option(filled),
          prompt: filled,
          context: fc.option(filled, { nil: undefined }),
          waits: fc.array(fc.nat(), { maxLength: 3 }),
          criteria: fc.array(filled, { minLength: 1, maxLength: 4 }),
          verificationCommands: fc.array(filled, { maxLength: 3 }),
          files: fc.uniqueArray(filled, { maxLength: 3 }),
          maxRetries: fc.nat({ max: 10 }),
          estimatedToolCalls: fc.integer({ min: 1, max: 1000 }),
          estimatedDuration: fc.option(filled, { nil: undefined }),
          parallelGroup: fc.option(fc.nat({ max: 99 })),
        }),
        { minLength: 1, maxLength: 5, selector: (task) => task.id.toLowerCase() },
      ),
    })
    .map(({ tasks, ...rest }) => ({
      ...rest,
      tasks: tasks.map(({ waits, context, estimatedDuration, ...task }, at): PlannedTask => ({
        ...task,
        dependencies: [...new Set(waits.map((one) => tasks[one % Math.max(1, at)]?.id ?? ""))].filter((one) => at > 0 && one !== ""),
        ...(context === undefined ? {} : { context }),
        ...(estimatedDuration === undefined ? {} : { estimatedDuration }),
      })),
    }));

  it("prints any plan so that it reads back word for word", () => {
    fc.assert(
      fc.property(plans, (plan) => {
        assert.deepEqual(chainOf(printChain(plan)).plan, plan);
      }),
      { numRuns: 300 },
    );
  });

  it("keeps a task readable where nothing forces a block", () => {
    const plan: MissionPlan = { title: "Two things", request: "Do two things.", overview: "", assumptions: ["Both are wanted"], tasks: [aPlannedTask("task-0"), aPlannedTask("task-1", { dependencies: ["task-0"], files: ["src/a.ts"], model: "m-1" })] };
    const text = printChain(plan);
    assert.match(text, /\*\*Task ID:\*\* task-1\n\n\*\*Title:\*\* Do task-1\n\n\*\*Agent Role Description:\*\* Backend engineer/);
    assert.match(text, /\*\*Dependencies:\*\* task-0\n/);
    assert.match(text, /## Dependency Summary\n\nCritical path: task-0 → task-1\n\n1\. task-0\n2\. task-1\n$/);
  });
});
