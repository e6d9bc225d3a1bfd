// The sprint contract: acceptance criteria and the checks that verify them. Data only; parsing and
// printing live in contractYaml.ts, the rules it must meet in contractRules.ts.

import type { TestCount } from "./testCount";

/** `change`: must be red on the base commit and green on the attempt. `guard`: must be green on both. */
export type CriterionKind = "change" | "guard";

export interface Criterion {
  /** `C1`, `C2` … unique within the contract. */
  readonly id: string;
  readonly text: string;
  readonly kind: CriterionKind;
}

interface CheckBase {
  /** `K1`, `K2` … unique within the contract. */
  readonly id: string;
  /** The criterion it verifies. */
  readonly criterion: string;
}

/** Runs a command in the clean room's root; exit code and output patterns decide. */
export interface CommandCheck extends CheckBase {
  readonly kind: "command";
  /** One shell command line. */
  readonly run: string;
  /** Expected exit code. */
  readonly exit: number;
  /** Regular expressions (JavaScript, flags `m`) that stdout + stderr must match. */
  readonly outputMatches: readonly string[];
  /** Regular expressions that stdout + stderr must not match. */
  readonly outputLacks: readonly string[];
  /** Seconds. */
  readonly timeout: number;
  /** An acceptance test that the generator never sees: it runs one of the contract's sealed files. */
  readonly sealed?: boolean;
  /** The command with its dry-run flag: it must leave the checkout as it was. */
  readonly dryRun?: boolean;
  /** Verifies data: what `outputMatches` finds must come from the command, and not stand in what the attempt wrote. */
  readonly verifiesData?: boolean;
  /** Further criteria that it verifies, where it uses several together as a user would. */
  readonly alsoCovers?: readonly string[];
}

export interface FileExistsCheck extends CheckBase {
  readonly kind: "fileExists";
  readonly path: string;
}

/** The file must match `pattern` (JavaScript regular expression, flags `m`). */
export interface FileMatchesCheck extends CheckBase {
  readonly kind: "fileMatches";
  readonly path: string;
  readonly pattern: string;
}

/** A Markdown file must have each heading, and text below it. */
export interface SectionsCheck extends CheckBase {
  readonly kind: "sections";
  readonly path: string;
  readonly headings: readonly string[];
}

/** A file must hold no TODO, TBD, FIXME, lorem ipsum, "your … here" or elided code. */
export interface NoPlaceholdersCheck extends CheckBase {
  readonly kind: "noPlaceholders";
  readonly path: string;
}

/** The value at `pointer` (RFC 6901) of a JSON file must equal `equals`. */
export interface JsonPathCheck extends CheckBase {
  readonly kind: "jsonPath";
  readonly path: string;
  readonly pointer: string;
  readonly equals: string | number | boolean | null;
}

/** Dates of the file, or of one column of its tables, are within `from` and `to` (ISO dates, both included). */
export interface DateRangeCheck extends CheckBase {
  readonly kind: "dateRange";
  readonly path: string;
  readonly from: string;
  readonly to: string;
  /** Empty: all dates of the text. */
  readonly column: string;
}

/** Figures in the tables of a Markdown or CSV file follow from the others, to their last printed digit; see dataChecks.ts. */
export interface RecalculateCheck extends CheckBase {
  readonly kind: "recalculate";
  readonly path: string;
  readonly rules: readonly string[];
}

/** The file parses by its language's own tool. */
export interface SyntaxCheck extends CheckBase {
  readonly kind: "syntax";
  readonly path: string;
}

/** A shell script holds no command that destroys things, except under a condition. */
export interface DestructiveCommandsCheck extends CheckBase {
  readonly kind: "destructiveCommands";
  readonly path: string;
}

export type Check =
  | CommandCheck
  | FileExistsCheck
  | FileMatchesCheck
  | SectionsCheck
  | NoPlaceholdersCheck
  | JsonPathCheck
  | DateRangeCheck
  | RecalculateCheck
  | SyntaxCheck
  | DestructiveCommandsCheck;

/** Default limit of a command check, seconds. */
export const CHECK_TIMEOUT_S = 300;

/** A file of the sealed checks, in the checkout only while one of them runs. */
export interface SealedFile {
  /** Relative to the repository's root, in a folder that the repository does not have. */
  readonly path: string;
  readonly text: string;
}

export interface Contract {
  readonly criteria: readonly Criterion[];
  readonly checks: readonly Check[];
  /** What the generator promises beyond the criteria, one sentence each. */
  readonly commitments: readonly string[];
  /** What happens after a FAIL, in a sentence or two, for the reader. */
  readonly retryProtocol: string;
  /** Missing: none, as in contracts of version 0.1. */
  readonly sealedFiles?: readonly SealedFile[];
  /** Files that checks depend on beyond those the engine finds: a change of one is shown, and undone to try the checks again. */
  readonly protected?: readonly string[];
  /**
   * Files that checks depend on and that this work is meant to change: tests of behaviour that changes on purpose. Each
   * by its path, for a reason that a change criterion gives; see mayChangeRules.ts.
   */
  readonly mayChange?: readonly string[];
}

/** The kind of the criterion that a check verifies; undefined for a criterion that is not there. */
export function kindOf({ criteria }: Pick<Contract, "criteria">, { criterion }: Pick<Check, "criterion">): CriterionKind | undefined {
  return criteria.find(({ id }) => id === criterion)?.kind;
}

/** The result of one check, run by the engine and by nobody else. */
export interface CheckResult {
  readonly checkId: string;
  readonly criterion: string;
  readonly kind: Check["kind"];
  /** A time-out or a command that cannot start is never green. */
  readonly green: boolean;
  /** Why it is red, in one line; empty when green. */
  readonly reason: string;
  /** null for built-in checks and for commands that did not end by themselves. */
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  /** The command could not be started at all (not found, not executable). */
  readonly unstartable: boolean;
  readonly durationMs: number;
  /** Path of the full output, relative to the task's plan folder; null when there is none. */
  readonly outputFile: string | null;
  /** Bounded head and tail of the output, for people and models. */
  readonly outputExcerpt: string;
  /** Of a command that runs tests, as far as its runner tells. */
  readonly tests?: TestCount;
  /** Green once and red once: it counts as red. */
  readonly flaky?: true;
}
