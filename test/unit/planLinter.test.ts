import { strict as assert } from "node:assert";
import type { PlannedTask } from "../../src/core/domain/mission";
import { lintPlan, MOST_TOOL_CALLS, type LintSettings } from "../../src/core/mission/planLinter";
import { missionDraftSchema } from "../../src/core/mission/missionDraftSchema";
import { jsonOutput } from "../../src/core/roles/role";
import { aPlannedTask } from "../builders/missionBuilder";

const SETTINGS: LintSettings = { network: false, mostToolCalls: MOST_TOOL_CALLS };
const environment = aPlannedTask("task-0");

function problemsOf(tasks: readonly PlannedTask[], settings = SETTINGS): readonly string[] {
  return lintPlan(tasks, settings).problems.map(({ task, text }) => `${task ?? "plan"}: ${text}`);
}

/** What is said of one task of these criteria, in an otherwise good plan. */
function aboutCriteria(...criteria: readonly string[]): readonly string[] {
  return problemsOf([environment, aPlannedTask("task-1", { dependencies: ["task-0"], criteria })]);
}

describe("lintPlan", () => {
  it("has nothing to say about a plan that is well made", () => {
    const tasks = [environment, aPlannedTask("task-1", { dependencies: ["task-0"], files: ["src/a.ts"] })];
    assert.deepEqual(lintPlan(tasks, SETTINGS), { problems: [], warnings: [] });
  });

  it("names duplicate ids, unknown dependencies and circles at the task", () => {
    assert.deepEqual(problemsOf([environment, environment, aPlannedTask("task-1", { dependencies: ["task-7"] })]), [
      'task-0: 2 tasks have the id "task-0".',
      'task-1: "task-1" depends on "task-7", and there is no such task.',
    ]);
    assert.deepEqual(problemsOf([environment, aPlannedTask("a", { dependencies: ["b"] }), aPlannedTask("b", { dependencies: ["a"] })]), [
      "a: Tasks wait for each other in a circle: a → b → a.",
    ]);
  });

  const broken: readonly (readonly [string, Partial<PlannedTask>, RegExp])[] = [
    ["no criteria", { criteria: [] }, /has no criteria/],
    ["blank criteria", { criteria: [" "] }, /has no criteria/],
    ["no worker role", { workerRole: " " }, /has no worker role/],
    ["no QC role", { qcRole: "" }, /has no QC role/],
    ["one role for both", { workerRole: "An  Engineer", qcRole: "an engineer " }, /same role/],
    ["no prompt", { prompt: "" }, /has no prompt/],
    ["more work than one task is", { estimatedToolCalls: 51 }, /51 estimated tool calls are more than 50: split/],
    ["no estimate", { estimatedToolCalls: 0 }, /0 is no number of tool calls/],
    ["too many retries", { maxRetries: 11 }, /from 0 to 10, not 11/],
    ["half a retry", { maxRetries: 0.5 }, /from 0 to 10, not 0\.5/],
    ["a file outside", { files: ["../x"] }, /"\.\.\/x" is no path within/],
    ["an absolute file", { files: ["/etc/passwd"] }, /no path within/],
    ["a file of another drive", { files: ["C:\\x"] }, /no path within/],
  ];
  for (const [name, over, problem] of broken) {
    it(`sends back a task with ${name}`, () => {
      const problems = lintPlan([environment, aPlannedTask("task-1", { dependencies: ["task-0"], ...over })], SETTINGS).problems;
      assert.deepEqual(problems.map(({ task }) => task), ["task-1"]);
      assert.match(problems[0]?.text ?? "", problem);
    });
  }

  it("sends back an id that no branch could have", () => {
    for (const id of ["task 1", "-x", "a/b", "../x", "", "a".repeat(65)]) assert.match(problemsOf([environment, aPlannedTask(id)])[0] ?? "", /no name for a branch/);
  });

  describe("criteria that contradict each other", () => {
    const pairs: readonly (readonly [string, string])[] = [
      ["`src/a.ts` exists", "`src/a.ts` does not exist"],
      ["`src/a.ts` is removed", "src/a.ts exists and is exported"],
      ["`old.js` must not be there", "The tests pass and `old.js` is present"],
      ["No new dependencies", "`left-pad` is added to package.json"],
      ["package.json gets no additional packages, no new libraries", "Add the library zod"],
      ["It works without any new dependency", "Install the package `chalk`"],
      ["`README.md` stays unchanged", "`README.md` is updated"],
      ["The file src/b.ts is not modified", "Update src/b.ts"],
      ["The list has at least 5 entries", "The list has at most 3 entries"],
      ["The bundle is under 100 KB", "The bundle is at least 100 KB"],
      ["Coverage is ≥ 90 %", "Coverage is < 80 %"],
      ["The command prints exactly 3 lines", "The command prints more than 3 lines"],
    ];
    for (const [one, other] of pairs) {
      it(`are sent back: ${one} | ${other}`, () => {
        for (const criteria of [[one, "`npm test` passes", other], [other, one]]) {
          const problems = aboutCriteria(...criteria);
          assert.equal(problems.length, 1, problems.join("\n"));
          assert.match(problems[0] ?? "", /^task-1: The criteria ".+" and ".+" contradict each other\.$/);
        }
      });
    }

    const fine: readonly (readonly string[])[] = [
      ["`src/a.ts` exists", "`src/b.ts` does not exist"],
      ["`a.ts` is removed and `b.ts` exists", "`b.ts` is present"],
      ["The list has at least 3 entries", "The list has at most 5 entries"],
      ["At least 3 tests", "At most 2 warnings"],
      ["`src/a.ts` exists", "`src/a.ts` is updated"],
      ["No new dependencies", "The existing dependency zod is used"],
      ["Coverage is at least 80 %", "Coverage is at most 100 %"],
      ["`README.md` is updated", "`docs/README.md` is unchanged"],
    ];
    for (const criteria of fine) it(`are none: ${criteria.join(" | ")}`, () => assert.deepEqual(aboutCriteria(...criteria), []));
  });

  describe("criteria that no tool can meet", () => {
    const unmeetable = [
      "Ask the user which colour they want",
      "- [ ] Consult the stakeholders about the wording",
      "There is a written approval from the product owner",
      "Users are happy with the new page",
      "The page is manually tested in three browsers",
      "Manual testing shows no errors",
      "The service is deployed to production",
      "The package is published to npm",
      "Browse the web for competitors",
      "A web search confirms the figures",
      "`curl https://example.com/health` answers 200",
      "The branch is pushed to the remote",
      "Open a pull request",
      "Everything works",
      "The code is clean",
      "(20 pts) Good",
    ];
    for (const criterion of unmeetable) {
      it(`are sent back: ${criterion}`, () => {
        const problems = aboutCriteria("`npm test` passes", criterion);
        assert.equal(problems.length, 1, problems.join("\n"));
        assert.ok(problems[0]?.startsWith(`task-1: The criterion "${criterion}" `), problems[0]);
      });
    }

    const fine = [
      "The command line asks the user for a name where none is given",
      "The user is redirected to /login",
      "Orders that were approved by a manager are shipped",
      "The page works without manual testing of fonts",
      "In the production environment the debug flag is off",
      "No deployment to production is done",
      "`curl http://localhost:3000/health` answers 200",
      "Searching the list finds an entry by its beginning",
      "Every public function has a doc comment",
      "The code is formatted: `npm run format -- --check` ends with 0",
    ];
    for (const criterion of fine) it(`are none: ${criterion}`, () => assert.deepEqual(aboutCriteria(criterion), []));

    it("may use the network where commands may", () => {
      const tasks = [environment, aPlannedTask("task-1", { dependencies: ["task-0"], criteria: ["`curl https://example.com` answers 200"] })];
      assert.equal(problemsOf(tasks).length, 1);
      assert.deepEqual(problemsOf(tasks, { ...SETTINGS, network: true }), []);
    });
  });

  it("warns of what a person should see before they approve", () => {
    const tasks = [
      aPlannedTask("task-1", { files: ["a.ts"] }),
      aPlannedTask("task-2", { files: ["a.ts"], verificationCommands: [] }),
      aPlannedTask("task-3", { files: Array.from({ length: 11 }, (_, index) => `f${index}.ts`) }),
      aPlannedTask("task-4"),
    ];
    const { problems, warnings } = lintPlan(tasks, SETTINGS);
    assert.deepEqual(problems, []);
    assert.deepEqual(warnings.map(({ task, text }) => `${task ?? "plan"}: ${text}`), [
      "plan: There is no task-0: one that validates the environment is put before the others.",
      'task-2: "task-1" and "task-2" both expect to touch a.ts: "task-2" waits for "task-1".',
      "task-2: It names no command that verifies it.",
      "task-3: It names 11 files, and a worker is shown 10 at the most.",
      "task-4: It names no files: whether it collides with another task is not known.",
    ]);
    assert.match(lintPlan([environment, aPlannedTask("task-1", { files: ["a.ts"] })], SETTINGS).warnings[0]?.text ?? "", /do not wait for task-0 and will: task-1/);
    assert.match(lintPlan([aPlannedTask("task-1", { files: ["a.ts"] }), aPlannedTask("task-0", { dependencies: ["task-1"] })], SETTINGS).warnings[0]?.text ?? "", /waits for other tasks/);
  });

  it("judges a criterion of any length at once", () => {
    const long = ["a ".repeat(500_000), `ask ${"the ".repeat(100_000)}`, "`".repeat(1_000_000), "no ".repeat(300_000), "1".repeat(1_000_000), "a.".repeat(400_000)];
    assert.deepEqual(aboutCriteria(...long), []);
  });
});

describe("missionDraftSchema", () => {
  const format = jsonOutput(missionDraftSchema);
  const draft = { title: "Two", overview: "Two things", assumptions: [], tasks: [environment] };

  it("takes a draft as the project manager writes it", () => {
    assert.deepEqual(format.parse(JSON.stringify(draft)), { ok: true, value: draft });
  });

  it("asks a model for every field of the plan, and leaves at most ten fields open", () => {
    const schema = JSON.stringify(format.schema());
    assert.match(schema, /"required":\["title","overview","assumptions","tasks"\]/);
    const task = (format.schema() as { properties: { tasks: { items: { properties: object; required: readonly string[] } } } }).properties.tasks.items;
    assert.deepEqual(Object.keys(task.properties).filter((name) => !task.required.includes(name)), ["context", "estimatedDuration"]);
  });

  it("says where a draft is wrong", () => {
    const wrong = { ...draft, tasks: [{ ...environment, prompt: " ", maxRetries: -1 }] };
    const parsed = format.parse(JSON.stringify(wrong));
    assert.ok(!parsed.ok);
    assert.match(parsed.problems.join("\n"), /tasks\.0\.prompt: [^]*tasks\.0\.maxRetries: /);
    assert.equal(format.parse(JSON.stringify({ ...draft, tasks: [] })).ok, false);
  });
});
