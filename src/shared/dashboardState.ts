// What the dashboard shows, as one JSON value: the extension makes it, the webview draws it. Texts are bounded; what is
// long (outputs of checks, the activity) is fetched on demand and not part of it.
import { flag, list, nullable, number, oneOf, shape, table, text, type Shaped } from "./shape";
import { TASK_ACTIONS } from "./taskActions";

/** A task's state as a person sees it: `new` is not started, `interrupted` was cut off with its process, `awaiting_command` runs and asks whether a command may. */
export const STATES = [
  "new",
  "inQueue",
  "running",
  "awaiting_command",
  "interrupted",
  "awaiting_approval",
  "review",
  "merging",
  "merged",
  "accepted",
  "discarded",
  "done",
  "escalated",
  "failed",
  "paused",
  "cancelled",
] as const;
export type StateName = (typeof STATES)[number];

export const CATEGORIES = ["DISPATCH", "PREP", "YOURS"] as const;
export type CategoryName = (typeof CATEGORIES)[number];

export const PHASES = ["planning", "contract", "implementation", "verification", "optimization", "decomposition", "preambles", "report"] as const;
export type PhaseName = (typeof PHASES)[number];

export const ROLES = [
  "planner",
  "contract_negotiator",
  "generator",
  "evaluator",
  "single_agent",
  "request_optimizer",
  "project_manager",
  "preamble_writer",
  "worker",
  "qc",
  "reporter",
] as const;
export type RoleName = (typeof ROLES)[number];

const TIME = text;
const COUNT = number;
const PHASE = oneOf(PHASES);

const MONEY = shape({
  usd: number,
  /** Calls of models without a known price; not in `usd`. */
  unpriced: COUNT,
});
export type Money = Shaped<typeof MONEY>;

const TOKENS = shape({ input: COUNT, cacheWrite5m: COUNT, cacheWrite1h: COUNT, cacheRead: COUNT, output: COUNT });
export type Tokens = Shaped<typeof TOKENS>;

/** A task in the overview. */
const TASK_ROW = shape({
  root: text,
  task: text,
  title: text,
  category: oneOf(CATEGORIES),
  state: oneOf(STATES),
  /** Nothing goes on with it before a person has decided something. */
  needsPerson: flag,
  /** 1 is next; null when it does not wait. */
  queuePlace: nullable(COUNT),
  phase: nullable(PHASE),
  attempt: COUNT,
  score: nullable(number),
  passed: nullable(flag),
  cost: MONEY,
  createdAt: TIME,
  updatedAt: TIME,
  /** Why it stands where it stands; may be empty. */
  detail: text,
});
export type TaskRow = Shaped<typeof TASK_ROW>;

const PHASE_SPAN = shape({
  phase: PHASE,
  attempt: COUNT,
  startedAt: TIME,
  ms: nullable(number),
  outcome: nullable(oneOf(["completed", "failed", "cancelled", "paused"])),
});
export type PhaseSpan = Shaped<typeof PHASE_SPAN>;

const CHECK = shape({
  id: text,
  criterion: text,
  /** The command, or what a built-in check looks at. */
  what: text,
  /** What a command must do beyond ending with 0; may be empty. */
  expects: text,
  green: flag,
  reason: text,
  exit: nullable(number),
  timedOut: flag,
  ms: number,
  hasOutput: flag,
  /** The whole output is in a file. */
  hasFile: flag,
});
export type CheckItem = Shaped<typeof CHECK>;

const FINDING = shape({ criterion: text, met: flag, comment: text });

const CHANGED_FILE = shape({
  path: text,
  status: oneOf(["added", "modified", "deleted", "typeChanged"]),
  /** Lines; null for a binary file. */
  added: nullable(COUNT),
  removed: nullable(COUNT),
  /** What lines do not show: executable, a symbolic link … */
  note: text,
});

const VERDICT = shape({ pass: flag, summary: text, findings: list(FINDING), issues: list(text), fixes: list(text) });

const ATTEMPT = shape({
  attempt: COUNT,
  startedAt: TIME,
  files: list(CHANGED_FILE),
  /** Of all changed files; `files` may hold fewer. */
  fileCount: COUNT,
  committed: flag,
  /** 1–10, the generator's own. */
  confidence: nullable(number),
  cutShort: nullable(text),
  checks: list(CHECK),
  checked: flag,
  verdict: nullable(VERDICT),
  noVerdict: nullable(text),
  passed: nullable(flag),
  /** Why the gate said no. */
  reasons: list(text),
  score: nullable(number),
  /** What the user asked for after it; null when they did not. */
  request: nullable(shape({ text: text, comments: COUNT })),
});
export type AttemptItem = Shaped<typeof ATTEMPT>;

const SESSION = shape({
  id: text,
  role: oneOf(ROLES),
  phase: PHASE,
  attempt: COUNT,
  model: text,
  startedAt: TIME,
  endedAt: nullable(TIME),
  outcome: nullable(text),
  detail: text,
  turns: COUNT,
  toolCalls: COUNT,
  retries: COUNT,
  tokens: TOKENS,
  cost: MONEY,
});
export type SessionItem = Shaped<typeof SESSION>;

/** Groups of activity that a person filters by. */
export const ACTIVITY_GROUPS = ["progress", "tools", "checks", "models", "you"] as const;
export type ActivityGroup = (typeof ACTIVITY_GROUPS)[number];

export const ACTIVITY = shape({
  seq: COUNT,
  time: TIME,
  group: oneOf(ACTIVITY_GROUPS),
  level: oneOf(["info", "good", "warning", "error"]),
  what: text,
  note: text,
  ms: nullable(number),
});
export type Activity = Shaped<typeof ACTIVITY>;

/** What happens right now. Streamed texts are tails. */
const LIVE = shape({
  session: nullable(text),
  /** Calls that have not ended, by their id. */
  tools: table(shape({ tool: text, summary: text, since: TIME })),
  check: nullable(shape({ id: text, what: text, place: oneOf(["base", "attempt"]), since: TIME })),
  /** Checks that have run in this place, and how many there are; 0 where that is not known yet. */
  checksDone: COUNT,
  checksOf: COUNT,
  text: text,
  /** The model writes its structured answer: for the engine, not for people, and so not in `text`. */
  isAnswer: flag,
  thinking: text,
  output: text,
  retry: nullable(text),
  /** The last few, by their sequence number. */
  recent: table(ACTIVITY),
});
export type Live = Shaped<typeof LIVE>;

export const DOCUMENTS = ["plan", "selfEvaluation", "qaReport", "failureReport"] as const;
export type DocumentName = (typeof DOCUMENTS)[number];

/** A task on its own page. */
const TASK_DETAIL = shape({
  root: text,
  task: text,
  description: text,
  attachments: list(text),
  type: nullable(oneOf(["single_agent", "multi_agent", "mission"])),
  profile: text,
  startedAt: nullable(TIME),
  branch: nullable(text),
  phases: list(PHASE_SPAN),
  attempts: list(ATTEMPT),
  criteria: list(shape({ id: text, text: text, kind: oneOf(["change", "guard"]) })),
  contract: shape({ state: oneOf(["none", "proposed", "frozen"]), rounds: COUNT, checks: COUNT, problems: list(text) }),
  sessions: list(SESSION),
  tokens: TOKENS,
  cost: MONEY,
  answer: nullable(text),
  accepted: nullable(shape({ applied: COUNT, conflicts: list(text) })),
  committed: nullable(text),
  documents: list(oneOf(DOCUMENTS)),
  actions: list(oneOf(TASK_ACTIONS)),
  live: nullable(LIVE),
});
export type TaskDetail = Shaped<typeof TASK_DETAIL>;

const FOLDER = shape({
  name: text,
  /** Another process that owns the journal: this window follows. */
  owner: nullable(text),
  /** The queue starts nothing before the user says so. */
  held: flag,
});
export type FolderState = Shaped<typeof FOLDER>;

const LIMITS = shape({ taskUsd: number, warnAt: number, dayAlertUsd: number, dayUsd: nullable(number), passScore: number, attempts: COUNT });
export type Limits = Shaped<typeof LIMITS>;

export const DASHBOARD_STATE = shape({
  /** `opening`: tasks are still being read. */
  place: oneOf(["opening", "open", "noFolder", "untrusted"]),
  /** Folders whose tasks cannot be shown, and why. */
  troubles: list(text),
  limits: LIMITS,
  /** What a person calls each state of a task. */
  stateNames: table(text),
  /** By their root. */
  folders: table(FOLDER),
  /** By `taskKey`. */
  rows: table(TASK_ROW),
  /** Tasks of the whole that `rows` leaves out: a first look has the newest only. */
  left: COUNT,
  /** By `YYYY-MM-DD`, UTC; days without calls are left out. null until they have been read. */
  days: nullable(table(MONEY)),
  /** Of the task whose page is shown. */
  detail: nullable(TASK_DETAIL),
});
export type DashboardState = Shaped<typeof DASHBOARD_STATE>;

/** The same task id may be in two folders. */
export function taskKey(ref: { readonly root: string; readonly task: string }): string {
  return `${ref.task} ${ref.root}`;
}
