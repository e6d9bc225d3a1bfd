// What the dashboard shows, as one JSON value: the extension makes it, the webview draws it. Texts are bounded; what is
// long (outputs of checks, the activity) is fetched on demand and not part of it.
import * as z from "zod/mini";
import type { Frozen } from "./json";

/** A task's state as a person sees it: `new` is not started, `interrupted` was cut off with its process. */
export const STATES = [
  "new",
  "inQueue",
  "running",
  "interrupted",
  "awaiting_approval",
  "review",
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

export const PHASES = ["planning", "contract", "implementation", "verification"] as const;
export type PhaseName = (typeof PHASES)[number];

export const ROLES = ["planner", "contract_negotiator", "generator", "evaluator", "single_agent"] as const;
export type RoleName = (typeof ROLES)[number];

const TIME = z.string();
const COUNT = z.number();
const PHASE = z.enum(PHASES);

const MONEY = z.object({
  usd: z.number(),
  /** Calls of models without a known price; not in `usd`. */
  unpriced: COUNT,
});
export type Money = Frozen<z.infer<typeof MONEY>>;

const TOKENS = z.object({ input: COUNT, cacheWrite5m: COUNT, cacheWrite1h: COUNT, cacheRead: COUNT, output: COUNT });
export type Tokens = Frozen<z.infer<typeof TOKENS>>;

/** A task in the overview. */
const TASK_ROW = z.object({
  root: z.string(),
  task: z.string(),
  title: z.string(),
  category: z.enum(CATEGORIES),
  state: z.enum(STATES),
  /** Nothing goes on with it before a person has decided something. */
  needsPerson: z.boolean(),
  /** 1 is next; null when it does not wait. */
  queuePlace: z.nullable(COUNT),
  phase: z.nullable(PHASE),
  attempt: COUNT,
  score: z.nullable(z.number()),
  passed: z.nullable(z.boolean()),
  cost: MONEY,
  createdAt: TIME,
  updatedAt: TIME,
  /** Why it stands where it stands; may be empty. */
  detail: z.string(),
});
export type TaskRow = Frozen<z.infer<typeof TASK_ROW>>;

const PHASE_SPAN = z.object({
  phase: PHASE,
  attempt: COUNT,
  startedAt: TIME,
  ms: z.nullable(z.number()),
  outcome: z.nullable(z.enum(["completed", "failed", "cancelled", "paused"])),
});
export type PhaseSpan = Frozen<z.infer<typeof PHASE_SPAN>>;

const CHECK = z.object({
  id: z.string(),
  criterion: z.string(),
  /** The command, or what a built-in check looks at. */
  what: z.string(),
  /** What a command must do beyond ending with 0; may be empty. */
  expects: z.string(),
  green: z.boolean(),
  reason: z.string(),
  exit: z.nullable(z.number()),
  timedOut: z.boolean(),
  ms: z.number(),
  hasOutput: z.boolean(),
  /** The whole output is in a file. */
  hasFile: z.boolean(),
});
export type CheckItem = Frozen<z.infer<typeof CHECK>>;

const FINDING = z.object({ criterion: z.string(), met: z.boolean(), comment: z.string() });

const ATTEMPT = z.object({
  attempt: COUNT,
  startedAt: TIME,
  files: z.array(z.object({ path: z.string(), status: z.enum(["added", "modified", "deleted", "typeChanged"]), added: z.nullable(COUNT), removed: z.nullable(COUNT) })),
  /** Of all changed files; `files` may hold fewer. */
  fileCount: COUNT,
  committed: z.boolean(),
  /** 1–10, the generator's own. */
  confidence: z.nullable(z.number()),
  cutShort: z.nullable(z.string()),
  checks: z.array(CHECK),
  checked: z.boolean(),
  verdict: z.nullable(z.object({ pass: z.boolean(), summary: z.string(), findings: z.array(FINDING), issues: z.array(z.string()), fixes: z.array(z.string()) })),
  noVerdict: z.nullable(z.string()),
  passed: z.nullable(z.boolean()),
  /** Why the gate said no. */
  reasons: z.array(z.string()),
  score: z.nullable(z.number()),
  /** What the user asked for after it; null when they did not. */
  request: z.nullable(z.object({ text: z.string(), comments: COUNT })),
});
export type AttemptItem = Frozen<z.infer<typeof ATTEMPT>>;

const SESSION = z.object({
  id: z.string(),
  role: z.enum(ROLES),
  phase: PHASE,
  attempt: COUNT,
  model: z.string(),
  startedAt: TIME,
  endedAt: z.nullable(TIME),
  outcome: z.nullable(z.string()),
  detail: z.string(),
  turns: COUNT,
  toolCalls: COUNT,
  retries: COUNT,
  tokens: TOKENS,
  cost: MONEY,
});
export type SessionItem = Frozen<z.infer<typeof SESSION>>;

/** Groups of activity that a person filters by. */
export const ACTIVITY_GROUPS = ["progress", "tools", "checks", "models", "you"] as const;
export type ActivityGroup = (typeof ACTIVITY_GROUPS)[number];

export const ACTIVITY = z.object({
  seq: COUNT,
  time: TIME,
  group: z.enum(ACTIVITY_GROUPS),
  level: z.enum(["info", "good", "warning", "error"]),
  what: z.string(),
  note: z.string(),
  ms: z.nullable(z.number()),
});
export type Activity = Frozen<z.infer<typeof ACTIVITY>>;

/** What happens right now. Streamed texts are tails. */
const LIVE = z.object({
  session: z.nullable(z.string()),
  /** Calls that have not ended, by their id. */
  tools: z.record(z.string(), z.object({ tool: z.string(), summary: z.string(), since: TIME })),
  check: z.nullable(z.object({ id: z.string(), what: z.string(), place: z.enum(["base", "attempt"]), since: TIME })),
  /** Checks that have run in this place, and how many there are; 0 where that is not known yet. */
  checksDone: COUNT,
  checksOf: COUNT,
  text: z.string(),
  thinking: z.string(),
  output: z.string(),
  retry: z.nullable(z.string()),
  /** The last few, by their sequence number. */
  recent: z.record(z.string(), ACTIVITY),
});
export type Live = Frozen<z.infer<typeof LIVE>>;

export const DOCUMENTS = ["plan", "selfEvaluation", "qaReport", "failureReport"] as const;
export type DocumentName = (typeof DOCUMENTS)[number];

/** What a person can do with a task; the same names as in the trees. */
export const TASK_ACTIONS = ["run", "resume", "approve", "cancel", "review", "accept", "retry", "compare", "undo", "commit", "done", "move", "reorder", "discard"] as const;
export type ActionName = (typeof TASK_ACTIONS)[number];

/** A task on its own page. */
const TASK_DETAIL = z.object({
  root: z.string(),
  task: z.string(),
  description: z.string(),
  attachments: z.array(z.string()),
  type: z.nullable(z.enum(["single_agent", "multi_agent"])),
  profile: z.string(),
  startedAt: z.nullable(TIME),
  branch: z.nullable(z.string()),
  phases: z.array(PHASE_SPAN),
  attempts: z.array(ATTEMPT),
  criteria: z.array(z.object({ id: z.string(), text: z.string(), kind: z.enum(["change", "guard"]) })),
  contract: z.object({ state: z.enum(["none", "proposed", "frozen"]), rounds: COUNT, checks: COUNT, problems: z.array(z.string()) }),
  sessions: z.array(SESSION),
  tokens: TOKENS,
  cost: MONEY,
  answer: z.nullable(z.string()),
  accepted: z.nullable(z.object({ applied: COUNT, conflicts: z.array(z.string()) })),
  committed: z.nullable(z.string()),
  documents: z.array(z.enum(DOCUMENTS)),
  actions: z.array(z.enum(TASK_ACTIONS)),
  live: z.nullable(LIVE),
});
export type TaskDetail = Frozen<z.infer<typeof TASK_DETAIL>>;

const FOLDER = z.object({
  name: z.string(),
  /** Another process that owns the journal: this window follows. */
  owner: z.nullable(z.string()),
  /** The queue starts nothing before the user says so. */
  held: z.boolean(),
});
export type FolderState = Frozen<z.infer<typeof FOLDER>>;

const LIMITS = z.object({ taskUsd: z.number(), warnAt: z.number(), dayAlertUsd: z.number(), dayUsd: z.nullable(z.number()), passScore: z.number(), attempts: COUNT });
export type Limits = Frozen<z.infer<typeof LIMITS>>;

export const DASHBOARD_STATE = z.object({
  /** `opening`: tasks are still being read. */
  place: z.enum(["opening", "open", "noFolder", "untrusted"]),
  /** Folders whose tasks cannot be shown, and why. */
  troubles: z.array(z.string()),
  limits: LIMITS,
  /** What a person calls each state of a task. */
  stateNames: z.record(z.string(), z.string()),
  /** By their root. */
  folders: z.record(z.string(), FOLDER),
  /** By `taskKey`. */
  rows: z.record(z.string(), TASK_ROW),
  /** Tasks of the whole that `rows` leaves out: a first look has the newest only. */
  left: COUNT,
  /** By `YYYY-MM-DD`, UTC; days without calls are left out. */
  days: z.record(z.string(), MONEY),
  /** Of the task whose page is shown. */
  detail: z.nullable(TASK_DETAIL),
});
export type DashboardState = Frozen<z.infer<typeof DASHBOARD_STATE>>;

/** The same task id may be in two folders. */
export function taskKey(ref: { readonly root: string; readonly task: string }): string {
  return `${ref.task} ${ref.root}`;
}
