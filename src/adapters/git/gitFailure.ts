// Turns what git printed into the project's error, in words for a person. Pure.
import { CountersignError, type ErrorCode } from "../../core/domain/errors";

export interface GitWords {
  /** What could not be done, e.g. `The snapshot of your working tree could not be made`. */
  readonly what: string;
  /** What is safe. */
  readonly kept?: string;
}

interface Known {
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  readonly reason: (match: RegExpExecArray) => string;
  readonly next: string;
}

/** Git's own words under LC_ALL=C. */
const KNOWN: readonly Known[] = [
  {
    pattern: /detected dubious ownership in repository at '([^\n]*)'/,
    code: "git",
    reason: ([, folder]) => `git refuses the repository because another user owns ${folder}`,
    next: "If you trust it, run `git config --global --add safe.directory <that folder>`, then try again.",
  },
  {
    pattern: /No space left on device|Disk quota exceeded/,
    code: "io",
    reason: () => "the disk is full",
    next: "Free some space, then try again.",
  },
  {
    pattern: /(?:open|unable to (?:index|open|stat)(?: file)?)\s?\(?["']([^\n]*?)["']\)?: (Permission denied)/,
    code: "io",
    reason: ([, file, why]) => `${file} cannot be read (${why?.toLowerCase()})`,
    next: "Make it readable for your user, or have git ignore it, then try again.",
  },
  {
    pattern: /unable to (?:index file|stat) '([^\n]*)'/,
    code: "io",
    reason: ([, file]) => `${file} cannot be read`,
    next: "Look whether it can be opened, or have git ignore it, then try again.",
  },
  {
    pattern: /cannot lock ref '([^\n']*)'[^\n]*/,
    code: "git",
    reason: ([line]) => line,
    next:
      "A branch named `countersign`, or a lock file of a git command that crashed, may stand in the way: " +
      "rename or remove it, then try again.",
  },
  {
    pattern: /(?:unable to create|could not create|cannot (?:mkdir|create)|insufficient permission)[^\n]*/i,
    code: "io",
    reason: ([line]) => line,
    next: "Make that folder writable for your user, or remove what stands in the way, then try again.",
  },
  {
    pattern: /index file (?:corrupt|smaller than expected)|bad index file|bad signature 0x|bad (?:index )?version/,
    code: "git",
    reason: () => "the repository's index is damaged",
    next: "`git status` shows what git says about it; removing .git/index and running `git reset` makes it anew.",
  },
  {
    pattern: /invalid reference: (countersign\/\S+)/,
    code: "git",
    reason: ([, branch]) => `the branch ${branch} is gone`,
    next: "Make it anew on the commit that it had (`git branch <name> <commit>`), or discard the task.",
  },
  {
    pattern:
      /unable to read (?:sha1 file of|[0-9a-f]{40,})|bad object|missing (?:blob|tree|object)|could not fetch|promisor/,
    code: "git",
    reason: () => "the repository lacks an object that the commit needs",
    next: "`git fsck` names what is missing; in a partial clone fetch it first.",
  },
];

export function gitFailure(stderr: string, words: GitWords): CountersignError {
  const kept = words.kept ?? "Nothing was changed.";
  for (const { pattern, code, reason, next } of KNOWN) {
    const match = pattern.exec(stderr);
    if (match !== null)
      return new CountersignError(code, `${words.what}: ${reason(match)}. ${kept} ${next}`, { cause: stderr });
  }
  return new CountersignError(
    "git",
    `${words.what}. Git said: ${lastLines(stderr)}. ${kept} Solve that, then try again.`,
    { cause: stderr },
  );
}

function lastLines(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("hint:"));
  return lines.slice(-3).join(" · ").slice(0, 600).replace(/\.$/, "") || "nothing";
}
