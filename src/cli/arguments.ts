// The command line: what can be said, and what it means. Parsing only.
import { parseArgs, type ParseArgsConfig } from "node:util";
import { CountersignError, messageOf } from "../core/domain/errors";
import type { NodeDecision } from "../core/domain/missionEvents";
import { DEFAULT_WORKERS } from "../core/domain/mission";
import { CATEGORIES, PROFILES, ROLES, TASK_TYPES, type Category, type Role, type TaskType, type VerificationProfile } from "../core/domain/task";
import type { LimitOptions } from "../composition/settingsFile";

export interface RunOptions {
  readonly text: string;
  readonly category: Category;
  readonly type: TaskType | null;
  readonly profile: VerificationProfile;
  readonly attachments: readonly string[];
  readonly approvePlan: boolean;
  /** Of missions: the request is sharpened first. */
  readonly optimize: boolean;
  /** Of missions: tasks that are worked on at the same time. */
  readonly workers: number;
  /** Of missions: the text of a chain file in place of a decomposition. */
  readonly chain: string | null;
}

export interface ModelOptions {
  /** `--model`: a model id for all roles, or `script:FILE`. */
  readonly model: string | null;
  readonly roleModels: Partial<Record<Role, string>>;
  readonly record: string | null;
}

/** Entries of a command policy, for commands that no sandbox confines. */
export interface PolicyOptions {
  readonly allow: readonly string[];
  readonly deny: readonly string[];
}

export interface CommonOptions {
  readonly repo: string;
  readonly json: boolean;
}

export type Command = CommonOptions &
  (
    | ({ readonly kind: "run" } & RunOptions & ModelOptions & LimitOptions & PolicyOptions)
    | ({ readonly kind: "resume"; readonly task: string | null; readonly approve: boolean } & ModelOptions & LimitOptions & PolicyOptions)
    | { readonly kind: "sample"; readonly keep: string | null }
    | { readonly kind: "tasks" }
    | { readonly kind: "show"; readonly task: string }
    | { readonly kind: "diff"; readonly task: string; readonly attempt: number | null }
    | { readonly kind: "accept"; readonly task: string; readonly files: readonly string[]; readonly attempt: number | null }
    | { readonly kind: "undo"; readonly task: string }
    | { readonly kind: "discard"; readonly task: string }
    | ({ readonly kind: "retry"; readonly task: string; readonly text: string } & ModelOptions & LimitOptions & PolicyOptions)
    | { readonly kind: "cost"; readonly period: "daily" | "weekly" | "task"; readonly task: string | null }
    | ({ readonly kind: "policy" } & PolicyOptions)
    | ({ readonly kind: "chain"; readonly file: string; readonly dryRun: boolean } & Omit<RunOptions, "text" | "type" | "optimize" | "chain"> & ModelOptions & LimitOptions & PolicyOptions)
    | { readonly kind: "node"; readonly task: string; readonly node: string; readonly decision: NodeDecision }
    | { readonly kind: "doctor" }
    /** `words`: what is looked for, or the id of the node to show. */
    | { readonly kind: "graph"; readonly act: "search" | "show"; readonly words: string }
    | { readonly kind: "help"; readonly topic: string | null }
    | { readonly kind: "version" }
  );

const OPTIONS = {
  repo: { type: "string" },
  json: { type: "boolean" },
  category: { type: "string" },
  type: { type: "string" },
  profile: { type: "string" },
  attach: { type: "string", multiple: true },
  model: { type: "string" },
  "role-model": { type: "string", multiple: true },
  record: { type: "string" },
  "approve-plan": { type: "boolean" },
  optimize: { type: "boolean" },
  workers: { type: "string" },
  approve: { type: "boolean" },
  budget: { type: "string" },
  "day-budget": { type: "string" },
  retries: { type: "string" },
  setup: { type: "string", multiple: true },
  "no-setup": { type: "boolean" },
  attempt: { type: "string" },
  keep: { type: "string" },
  "dry-run": { type: "boolean" },
  allow: { type: "string", multiple: true },
  deny: { type: "string", multiple: true },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
} as const satisfies NonNullable<ParseArgsConfig["options"]>;

/** Options each command takes beside `--repo`, `--json` and `--help`. */
const MODEL_FLAGS = ["model", "role-model", "record", "budget", "day-budget", "retries", "setup", "no-setup", "allow", "deny"];
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  run: ["category", "type", "profile", "attach", "approve-plan", "optimize", "workers", ...MODEL_FLAGS],
  resume: ["approve", ...MODEL_FLAGS],
  sample: ["keep"],
  tasks: [],
  show: [],
  diff: ["attempt"],
  accept: ["attempt"],
  undo: [],
  retry: MODEL_FLAGS,
  discard: [],
  cost: [],
  policy: ["allow", "deny"],
  chain: ["dry-run", "category", "profile", "attach", "approve-plan", "workers", ...MODEL_FLAGS],
  node: [],
  doctor: [],
  graph: [],
  help: [],
};

type Values = ReturnType<typeof parse>["values"];
type Tokens = ReturnType<typeof parse>["tokens"];

/** Throws CountersignError `badRequest` that says what was wrong and what is known. */
export function parseCommandLine(argv: readonly string[], cwd: string): Command {
  const { values, positionals, tokens } = parse(argv);
  const [name = "help", ...rest] = positionals;
  const common = { repo: values.repo ?? cwd, json: values.json ?? false };
  if (values.version === true) return { kind: "version", ...common };
  if (values.help === true) return { kind: "help", topic: positionals[0] ?? null, ...common };
  const allowed = Object.hasOwn(ALLOWED, name) ? ALLOWED[name] : undefined;
  if (allowed === undefined) throw usage(`There is no command "${name}". Commands: ${Object.keys(ALLOWED).join(", ")}.`);
  const stranger = Object.keys(values).find((flag) => !["repo", "json", "help", "version"].includes(flag) && !allowed.includes(flag));
  if (stranger !== undefined) throw usage(`--${stranger} does not belong to "${name}".`);
  if (name === "policy") return { ...common, kind: "policy", ...policyEntries(tokens) };
  return { ...common, ...commandOf(name, rest, values) } as Command;
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true, tokens: true });
  } catch (error) {
    // Node adds advice about `--` and quoting, which is seldom what was wrong.
    const [what = ""] = messageOf(error).split(/\. To specify|\n/, 1);
    throw new CountersignError("badRequest", `${what.replace(/\.$/, "")}. "countersign help" lists what there is.`, { cause: error });
  }
}

function commandOf(name: string, rest: readonly string[], values: Values): object {
  switch (name) {
    case "run":
      return { kind: "run", ...runOptions(rest, values), ...modelOptions(values), ...limitOptions(values), ...policyOptions(values) };
    case "resume":
      return { kind: "resume", task: atMostOne(rest, "task") ?? null, approve: values.approve ?? false, ...modelOptions(values), ...limitOptions(values), ...policyOptions(values) };
    case "sample":
      return { kind: "sample", keep: values.keep ?? null };
    case "show":
    case "undo":
    case "discard":
      return { kind: name, task: exactlyOne(rest, "task") };
    case "diff":
      return { kind: "diff", task: exactlyOne(rest, "task"), attempt: attemptOption(values) };
    case "accept": {
      const [task, ...files] = rest;
      if (task === undefined) throw usage("Which task? countersign accept TASK [FILE…] [--attempt N]");
      return { kind: "accept", task, files, attempt: attemptOption(values) };
    }
    case "retry":
      return { kind: "retry", ...retryOptions(rest), ...modelOptions(values), ...limitOptions(values), ...policyOptions(values) };
    case "node":
      return { kind: "node", ...nodeOptions(rest) };
    case "cost":
      return costOptions(rest);
    case "chain": {
      const [file, ...more] = rest;
      if (file === undefined || more.length > 0) throw usage("Which file? countersign chain FILE [--dry-run]");
      return { kind: "chain", file, dryRun: values["dry-run"] ?? false, ...howToRun(values), ...modelOptions(values), ...limitOptions(values), ...policyOptions(values) };
    }
    case "graph": {
      const [act = "", ...words] = rest;
      if (words.length === 0) throw usage("Search for what, or show which node? countersign graph search WORDS, countersign graph show ID");
      return { kind: "graph", act: oneOf("What graph does", act, ["search", "show"]), words: words.join(" ") };
    }
    case "help":
      return { kind: "help", topic: rest[0] ?? null };
    default:
      if (rest.length > 0) throw usage(`"${name}" takes no argument.`);
      return { kind: name };
  }
}

function attemptOption(values: Values): number | null {
  return values.attempt === undefined ? null : whole("attempt", values.attempt);
}

function runOptions(rest: readonly string[], values: Values): RunOptions {
  if (rest.length > 1) throw usage('The task is one argument: put it in quotes, as in countersign run "add a --json flag".');
  const text = rest[0]?.trim() ?? "";
  if (text === "") throw usage('What shall be done? countersign run "add a --json flag"');
  return {
    text,
    ...howToRun(values),
    type: values.type === undefined ? null : oneOf("--type", values.type, TASK_TYPES),
    optimize: values.optimize ?? false,
    chain: null,
  };
}

function howToRun(values: Values): Omit<RunOptions, "text" | "type" | "optimize" | "chain"> {
  return {
    category: oneOf("--category", values.category ?? "PREP", CATEGORIES),
    profile: oneOf("--profile", values.profile ?? "code", PROFILES),
    attachments: values.attach ?? [],
    approvePlan: values["approve-plan"] ?? false,
    workers: workersIn(values.workers),
  };
}

function workersIn(value: string | undefined): number {
  if (value === undefined) return DEFAULT_WORKERS;
  const workers = whole("workers", value);
  if (workers < 1) throw usage("--workers is at least 1.");
  return workers;
}

/** What becomes of a task of a mission. */
const NODE_DECISIONS: Readonly<Record<NodeWord, NodeDecision>> = { retry: "retried", skip: "skipped", "take-over": "takenOver" };
type NodeWord = "retry" | "skip" | "take-over";

function nodeOptions(rest: readonly string[]): object {
  const [task, node, word, ...more] = rest;
  if (task === undefined || node === undefined || word === undefined || more.length > 0) throw usage("countersign node MISSION TASK retry|skip|take-over, as in countersign node add-x-7k2m task-1.2 skip");
  return { task, node, decision: NODE_DECISIONS[oneOf("What becomes of the task", word, Object.keys(NODE_DECISIONS) as NodeWord[])] };
}

function retryOptions(rest: readonly string[]): { readonly task: string; readonly text: string } {
  const [task, text = "", ...more] = rest;
  if (task === undefined) throw usage('Which task? countersign retry TASK "name the flag --raw"');
  if (more.length > 0) throw usage('What shall be changed is one argument: put it in quotes, as in countersign retry TASK "name the flag --raw".');
  if (text.trim() === "") throw usage('What shall be changed? countersign retry TASK "name the flag --raw"');
  return { task, text };
}

function modelOptions(values: Values): ModelOptions {
  const roleModels: Partial<Record<Role, string>> = {};
  for (const pair of values["role-model"] ?? []) {
    const equals = pair.indexOf("=");
    if (equals < 1 || equals === pair.length - 1) throw usage(`--role-model is ROLE=ID, not "${pair}".`);
    roleModels[oneOf("The role of --role-model", pair.slice(0, equals), ROLES)] = pair.slice(equals + 1);
  }
  return { model: values.model ?? null, roleModels, record: values.record ?? null };
}

function policyOptions(values: Values): PolicyOptions {
  return { allow: values.allow ?? [], deny: values.deny ?? [] };
}

function limitOptions(values: Values): LimitOptions {
  return {
    budgetUsd: values.budget === undefined ? null : money("budget", values.budget),
    dayBudgetUsd: values["day-budget"] === undefined ? null : money("day-budget", values["day-budget"]),
    retries: values.retries === undefined ? null : whole("retries", values.retries),
    setup: values["no-setup"] === true ? [] : (values.setup ?? null),
  };
}

function costOptions(rest: readonly string[]): object {
  const [period = "daily", task, ...more] = rest;
  if (more.length > 0) throw usage("countersign cost daily | weekly | task TASK");
  const which = oneOf("The period of cost", period, ["daily", "weekly", "task"] as const);
  if (which === "task" && task === undefined) throw usage("Which task? countersign cost task TASK");
  if (which !== "task" && task !== undefined) throw usage(`"cost ${which}" takes no argument.`);
  return { kind: "cost", period: which, task: task ?? null };
}

/** `--allow a b --deny c`: every word up to the next flag belongs to the flag before it. */
function policyEntries(tokens: Tokens): PolicyOptions {
  const lists: { readonly allow: string[]; readonly deny: string[] } = { allow: [], deny: [] };
  const name = tokens.find((token) => token.kind === "positional");
  let current: string[] | null = null;
  for (const token of tokens) {
    if (token.kind === "option") {
      current = token.name === "allow" || token.name === "deny" ? lists[token.name] : null;
      if (token.value !== undefined) current?.push(token.value);
    } else if (token.kind === "positional" && token !== name) {
      if (current === null) throw usage(`"${token.value}" belongs to no --allow or --deny. Commands are read from standard input.`);
      current.push(token.value);
    }
  }
  return lists;
}

function oneOf<T extends string>(what: string, value: string, known: readonly T[]): T {
  const found = known.find((k) => k === value);
  if (found === undefined) throw usage(`${what} cannot be "${value}". It is one of ${known.join(", ")}.`);
  return found;
}

function whole(what: string, value: string): number {
  if (!/^\d{1,4}$/.test(value)) throw usage(`--${what} is a whole number, not "${value}".`);
  return Number(value);
}

function money(what: string, value: string): number {
  const usd = Number(value.replace(/^\$/, ""));
  if (!(usd > 0) || !Number.isFinite(usd)) throw usage(`--${what} is an amount in dollars above 0, not "${value}".`);
  return usd;
}

function exactlyOne(rest: readonly string[], what: string): string {
  const [only, ...more] = rest;
  if (only === undefined || more.length > 0) throw usage(`This command takes one ${what}; "countersign tasks" lists them.`);
  return only;
}

function atMostOne(rest: readonly string[], what: string): string | undefined {
  if (rest.length > 1) throw usage(`This command takes one ${what} at the most.`);
  return rest[0];
}

function usage(message: string): CountersignError {
  return new CountersignError("badRequest", message);
}
