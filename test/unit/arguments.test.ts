import { strict as assert } from "node:assert";
import { parseCommandLine, type Command } from "../../src/cli/arguments";
import { CountersignError } from "../../src/core/domain/errors";

const COMMON = { repo: "/here", json: false };
const MODELS = { model: null, roleModels: {}, record: null };
const LIMITS = { budgetUsd: null, dayBudgetUsd: null, retries: null, setup: null, allow: [], deny: [] };
const RUN = { ...COMMON, kind: "run", text: "do it", category: "PREP", type: null, profile: "code", attachments: [], approvePlan: false, optimize: false, workers: 3, chain: null, ...MODELS, ...LIMITS };
const CHAIN = { ...COMMON, kind: "chain", file: "plan.md", category: "PREP", profile: "code", attachments: [], approvePlan: false, workers: 3, ...MODELS, ...LIMITS };
const RESUME = { ...COMMON, kind: "resume", task: null, approve: false, ...MODELS, ...LIMITS };

const GOOD: readonly (readonly [readonly string[], object])[] = [
  [["run", "do it"], RUN],
  [["run", "  do it\n"], RUN],
  [["run", "--type", "mission", "--optimize", "--workers", "5", "do it"], { ...RUN, type: "mission", optimize: true, workers: 5 }],
  [["node", "mission-1", "task-1.1", "skip"], { ...COMMON, kind: "node", task: "mission-1", node: "task-1.1", decision: "skipped" }],
  [["run", "--category", "DISPATCH", "do it", "--type=single_agent"], { ...RUN, category: "DISPATCH", type: "single_agent" }],
  [["run", "do it", "--category=YOURS", "--profile", "report", "--approve-plan"], { ...RUN, category: "YOURS", profile: "report", approvePlan: true }],
  [["run", "do it", "--attach", "a.md", "--attach=b c.md"], { ...RUN, attachments: ["a.md", "b c.md"] }],
  [["run", "do it", "--repo", "/there", "--json"], { ...RUN, repo: "/there", json: true }],
  [["run", "do it", "--model", "script:a.json", "--record", "b.json"], { ...RUN, model: "script:a.json", record: "b.json" }],
  [["run", "do it", "--role-model", "planner=m1", "--role-model=evaluator=m=2"], { ...RUN, roleModels: { planner: "m1", evaluator: "m=2" } }],
  [["run", "do it", "--budget", "5", "--day-budget=$20.50", "--retries", "0"], { ...RUN, budgetUsd: 5, dayBudgetUsd: 20.5, retries: 0 }],
  [["run", "do it", "--setup", "npm ci", "--setup", "make"], { ...RUN, setup: ["npm ci", "make"] }],
  [["run", "do it", "--no-setup"], { ...RUN, setup: [] }],
  [["run", "do it", "--allow", "npm test", "--allow=ls", "--deny", "rm"], { ...RUN, allow: ["npm test", "ls"], deny: ["rm"] }],
  [["run", "--", "--json is missing"], { ...RUN, text: "--json is missing" }],
  [["resume"], RESUME],
  [["resume", "add-x", "--approve", "--budget", "9"], { ...RESUME, task: "add-x", approve: true, budgetUsd: 9 }],
  [["chain", "plan.md", "--dry-run", "--json"], { ...CHAIN, json: true, dryRun: true }],
  [["chain", "plan.md"], { ...CHAIN, dryRun: false }],
  [["sample"], { ...COMMON, kind: "sample", keep: null }],
  [["sample", "--keep", "/tmp/x"], { ...COMMON, kind: "sample", keep: "/tmp/x" }],
  [["tasks"], { ...COMMON, kind: "tasks" }],
  [["show", "add-x", "--json"], { ...COMMON, json: true, kind: "show", task: "add-x" }],
  [["diff", "add-x"], { ...COMMON, kind: "diff", task: "add-x", attempt: null }],
  [["diff", "add-x", "--attempt", "2"], { ...COMMON, kind: "diff", task: "add-x", attempt: 2 }],
  [["accept", "add-x"], { ...COMMON, kind: "accept", task: "add-x", files: [], attempt: null }],
  [["accept", "add-x", "--attempt", "1"], { ...COMMON, kind: "accept", task: "add-x", files: [], attempt: 1 }],
  [["accept", "add-x", "a.js", "b.js"], { ...COMMON, kind: "accept", task: "add-x", files: ["a.js", "b.js"], attempt: null }],
  [["discard", "add-x"], { ...COMMON, kind: "discard", task: "add-x" }],
  [["undo", "add-x"], { ...COMMON, kind: "undo", task: "add-x" }],
  [["retry", "add-x", "name it y"], { ...COMMON, ...MODELS, ...LIMITS, kind: "retry", task: "add-x", text: "name it y" }],
  [["cost"], { ...COMMON, kind: "cost", period: "daily", task: null }],
  [["cost", "weekly"], { ...COMMON, kind: "cost", period: "weekly", task: null }],
  [["cost", "task", "add-x"], { ...COMMON, kind: "cost", period: "task", task: "add-x" }],
  [["doctor", "--json"], { ...COMMON, json: true, kind: "doctor" }],
  [["graph", "search", "parse", "command line"], { ...COMMON, kind: "graph", act: "search", words: "parse command line" }],
  [["graph", "show", "file:a.ts", "--json"], { ...COMMON, json: true, kind: "graph", act: "show", words: "file:a.ts" }],
  [["policy"], { ...COMMON, kind: "policy", allow: [], deny: [] }],
  [["policy", "--allow", "git log", "ls", "--deny", "rm", "--json", "--allow=pwd"], { ...COMMON, json: true, kind: "policy", allow: ["git log", "ls", "pwd"], deny: ["rm"] }],
  [[], { ...COMMON, kind: "help", topic: null }],
  [["help", "run"], { ...COMMON, kind: "help", topic: "run" }],
  [["run", "--help"], { ...COMMON, kind: "help", topic: "run" }],
  [["-h"], { ...COMMON, kind: "help", topic: null }],
  [["--version"], { ...COMMON, kind: "version" }],
  [["-v"], { ...COMMON, kind: "version" }],
];

const BAD: readonly (readonly [readonly string[], RegExp])[] = [
  [["runn"], /There is no command "runn"\. Commands: run, resume/],
  [["constructor"], /There is no command "constructor"/],
  [["__proto__", "--json"], /There is no command "__proto__"/],
  [["run"], /What shall be done\?/],
  [["run", " "], /What shall be done\?/],
  [["run", "add", "a", "flag"], /put it in quotes/],
  [["run", "x", "--category", "prep"], /--category cannot be "prep"\. It is one of DISPATCH, PREP, YOURS/],
  [["run", "x", "--type", "swarm"], /--type/],
  [["run", "x", "--type", "mission", "--workers", "0"], /--workers is at least 1/],
  [["run", "x", "--profile", ""], /--profile cannot be ""/],
  [["run", "x", "--role-model", "planner"], /--role-model is ROLE=ID, not "planner"/],
  [["run", "x", "--role-model", "=m"], /ROLE=ID/],
  [["run", "x", "--role-model", "planner="], /ROLE=ID/],
  [["run", "x", "--role-model", "boss=m"], /--role-model cannot be "boss"/],
  [["run", "x", "--budget", "0"], /--budget is an amount in dollars above 0, not "0"/],
  [["run", "x", "--budget", "-1"], /--budget/],
  [["run", "x", "--budget=ten"], /not "ten"/],
  [["run", "x", "--budget="], /--budget is an amount/],
  [["run", "x", "--budget", "Infinity"], /not "Infinity"/],
  [["run", "x", "--retries", "1.5"], /--retries is a whole number, not "1\.5"/],
  [["run", "x", "--retries=-1"], /--retries/],
  [["run", "x", "--colour"], /--colour.*"countersign help" lists/],
  [["run", "x", "--json=yes"], /json/],
  [["run", "x", "--repo"], /repo/],
  [["run", "x", "--keep", "y"], /--keep does not belong to "run"/],
  [["tasks", "--model", "m"], /--model does not belong to "tasks"/],
  [["tasks", "--deny", "rm"], /--deny does not belong to "tasks"/],
  [["tasks", "x"], /"tasks" takes no argument/],
  [["resume", "a", "b"], /one task at the most/],
  [["show"], /takes one task; "countersign tasks" lists them/],
  [["show", "a", "b"], /takes one task/],
  [["diff", "a", "--attempt", "two"], /--attempt is a whole number/],
  [["accept"], /Which task\?/],
  [["discard"], /takes one task/],
  [["undo"], /takes one task/],
  [["undo", "add-x", "--model", "m"], /--model does not belong to "undo"/],
  [["retry"], /Which task\? countersign retry TASK/],
  [["retry", "add-x"], /What shall be changed\?/],
  [["retry", "add-x", " "], /What shall be changed\?/],
  [["retry", "add-x", "name", "it"], /one argument: put it in quotes/],
  [["chain", "--dry-run"], /Which file\? countersign chain FILE \[--dry-run\]/],
  [["policy", "ls"], /"ls" belongs to no --allow or --deny/],
  [["policy", "--allow"], /allow/],
  [["graph", "search"], /countersign graph search WORDS/],
  [["graph", "drop", "all"], /cannot be "drop"/],
  [["cost", "monthly"], /cannot be "monthly"/],
  [["cost", "task"], /Which task\?/],
  [["cost", "daily", "x"], /"cost daily" takes no argument/],
  [["cost", "task", "a", "b"], /countersign cost/],
];

describe("parseCommandLine", () => {
  for (const [argv, command] of GOOD) {
    it(`understands: countersign ${argv.join(" ")}`, () => assert.deepEqual(parseCommandLine(argv, "/here"), command as Command));
  }

  for (const [argv, says] of BAD) {
    it(`refuses: countersign ${argv.join(" ")}`, () => {
      assert.throws(() => parseCommandLine(argv, "/here"), (error) => CountersignError.is(error, "badRequest") && says.test(error.message) && !error.message.includes("undefined"));
    });
  }
});
