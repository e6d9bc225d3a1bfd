// Builds contracts: a realistic one, single checks, and arbitrary contracts full of text that YAML and Markdown trip over.
import * as fc from "fast-check";
import type { Check, CheckResult, CommandCheck, Contract, Criterion } from "../../src/core/domain/contract";
import { ANY_CHARACTER } from "./anyCharacter";
import { aCheckResult } from "./samples";

export function aCommandCheck(change: Partial<CommandCheck> = {}): CommandCheck {
  const patterns = { outputMatches: [], outputLacks: [] };
  return { id: "K1", criterion: "C1", kind: "command", run: "node bin/tally.js fibonacci 10", exit: 0, ...patterns, timeout: 300, ...change };
}

export function aContract(change: Partial<Contract> = {}): Contract {
  const criteria = [{ id: "C1", text: "`tally fibonacci 10` prints 55", kind: "change" }] as const;
  return { criteria, checks: [aCommandCheck({ outputMatches: ["^55$"] })], commitments: [], retryProtocol: "", ...change };
}

/** What a negotiator would write for the sample task: every kind of check, a guard, patterns and words that need quoting. */
export const FULL_CONTRACT: Contract = {
  criteria: [
    { id: "C1", text: "`tally fibonacci N` prints the N-th Fibonacci number: 55 for 10, 0 for 0", kind: "change" },
    { id: "C2", text: "A negative N exits with 2 and says what is wrong", kind: "change" },
    { id: "C3", text: "The command is documented", kind: "change" },
    { id: "C4", text: "The existing tests pass", kind: "guard" },
  ],
  checks: [
    aCommandCheck({ id: "K1", run: "node bin/tally.js fibonacci 10", outputMatches: ["^55$"] }),
    aCommandCheck({ id: "K2", criterion: "C2", run: "node bin/tally.js fibonacci -3 | tee out.txt", exit: 2, outputMatches: ["N must be"], outputLacks: ["at Object\\."], timeout: 60 }),
    { id: "K3", criterion: "C3", kind: "fileExists", path: "docs/fibonacci.md" },
    { id: "K4", criterion: "C3", kind: "fileMatches", path: "README.md", pattern: "^\\| `tally fibonacci N` \\|" },
    { id: "K5", criterion: "C3", kind: "sections", path: "docs/fibonacci.md", headings: ["Usage", "Limits"] },
    { id: "K6", criterion: "C3", kind: "noPlaceholders", path: "docs/fibonacci.md" },
    { id: "K7", criterion: "C1", kind: "jsonPath", path: "package.json", pointer: "/tally/commands/fibonacci", equals: true },
    aCommandCheck({ id: "K8", criterion: "C4", run: "npm test", timeout: 120 }),
  ],
  commitments: ["One file a command, as AGENTS.md asks", "No new dependency"],
  retryProtocol: "After a FAIL fix the cause named in the verdict and run every contract command again.",
};

/** A result for every check of the contract, green unless its id is in `red`. */
export function resultsOf(contract: Contract, red: readonly string[] = []): readonly CheckResult[] {
  return contract.checks.map((check) => {
    const green = !red.includes(check.id);
    const outcome = green ? {} : { green, reason: "exit code 1, expected 0", exitCode: 1, outputExcerpt: "Unknown command: fibonacci\n" };
    const builtIn = check.kind === "command" ? {} : { exitCode: null, outputFile: null, outputExcerpt: "" };
    return aCheckResult({ checkId: check.id, criterion: check.criterion, kind: check.kind, ...outcome, ...builtIn });
  });
}

const NASTY = [
  "null", "~", "yes", "no", "on", "true", "False", "12", "-0", "0x1F", "1e3", "1_000", ".inf", "NaN", "2026-11-21", "<<", "=",
  " leading", "trailing ", "\ttab", " ", "\n", "a\n", "\na", "a\n\n", "a\nb", "a\r\nb", "a\rb", "\r\n", " \n a", "a \nb", "  a\n b\n",
  "---", "---\na", "...", "a\n---\nb", "a\n...\nb", "# heading", "a # b", "a #", "- a", "-", "? a", ": a", "a: b", "a:", ":", "!tag", "&anchor", "*alias",
  "|", ">", "|-", "%TAG", "@a", "`a`", "```", "a\n```\nb", "````yaml\na: b\n````", "{a: b}", "[a]", "a, b", "\"", "'", "\"a\"", "'a'", "it's", "\\", "\\n", "\\u0041",
  "## Sprint Contract", "a\n## Sprint Contract\n\n```yaml\ncriteria: []\n```\n", "é", "日本語", "🙂", "e\u0301", "\u0000", "\u0007", "\u001b[31m", "\u007f", "\u0085", "\u00a0", "\u200b", "\u2028", "\u2029", "\ufeff", "\ufeffa", "a\u2028b",
  "x".repeat(5000), "long words ".repeat(300), `${"a".repeat(90)}\n${"b".repeat(90)}`,
] as const;

/** Text of at least one character, as bad as it gets. */
export const nastyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NASTY) },
  { weight: 2, arbitrary: fc.array(fc.constantFrom(...NASTY), { minLength: 1, maxLength: 4 }).map((parts) => parts.join("")) },
  { weight: 2, arbitrary: fc.array(fc.constantFrom(...NASTY), { minLength: 1, maxLength: 4 }).map((parts) => parts.join("\n")) },
  { weight: 2, arbitrary: fc.string({ unit: ANY_CHARACTER, minLength: 1, maxLength: 60 }) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }) },
  { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(..." \n\t\r:#-`'\"|>\\{}[]&*!%@,?".split("")), minLength: 1, maxLength: 30 }) },
);

const id = fc.oneof(fc.constantFrom("C1", "K2", "null", "yes", "No", "true", "e1", "NaN", "a-b_c", "N"), fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,15}$/));
const texts = fc.array(nastyText, { maxLength: 3 });
const base = { id, criterion: id };

const check: fc.Arbitrary<Check> = fc.oneof(
  fc.record(
    {
      ...base,
      kind: fc.constant("command" as const),
      run: nastyText,
      exit: fc.nat(255),
      outputMatches: texts,
      outputLacks: texts,
      timeout: fc.integer({ min: 1, max: 3600 }),
      sealed: fc.constant(true),
      alsoCovers: fc.array(id, { minLength: 1, maxLength: 2 }),
    },
    { requiredKeys: ["id", "criterion", "kind", "run", "exit", "outputMatches", "outputLacks", "timeout"] },
  ),
  fc.record({ ...base, kind: fc.constant("fileExists" as const), path: nastyText }),
  fc.record({ ...base, kind: fc.constant("fileMatches" as const), path: nastyText, pattern: nastyText }),
  fc.record({ ...base, kind: fc.constant("sections" as const), path: nastyText, headings: fc.array(nastyText, { minLength: 1, maxLength: 3 }) }),
  fc.record({ ...base, kind: fc.constant("noPlaceholders" as const), path: nastyText }),
  fc.record({ ...base, kind: fc.constant("syntax" as const), path: nastyText }),
  fc.record({ ...base, kind: fc.constant("destructiveCommands" as const), path: nastyText }),
  fc.record({ ...base, kind: fc.constant("dateRange" as const), path: nastyText, from: nastyText, to: nastyText, column: fc.oneof(fc.constant(""), nastyText) }),
  fc.record({ ...base, kind: fc.constant("recalculate" as const), path: nastyText, rules: fc.array(nastyText, { minLength: 1, maxLength: 3 }) }),
  fc.record({
    ...base,
    kind: fc.constant("jsonPath" as const),
    path: nastyText,
    pointer: fc.oneof(fc.constant(""), nastyText),
    equals: fc.oneof(nastyText, fc.constant(""), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null)),
  }),
);

const criterion: fc.Arbitrary<Criterion> = fc.record({ id, text: nastyText, kind: fc.constantFrom("change", "guard") });

/** Contracts that the schema admits; most break the rules, which is not what parsing and printing are about. */
export const contracts: fc.Arbitrary<Contract> = fc
  .record(
    {
      criteria: fc.array(criterion, { maxLength: 3 }),
      checks: fc.array(check, { maxLength: 4 }),
      commitments: texts,
      retryProtocol: fc.oneof(fc.constant(""), nastyText),
      sealedFiles: fc.array(fc.record({ path: nastyText, text: fc.oneof(fc.constant(""), nastyText) }), { minLength: 1, maxLength: 2 }),
      protected: fc.array(nastyText, { minLength: 1, maxLength: 2 }),
      mayChange: fc.array(nastyText, { minLength: 1, maxLength: 2 }),
    },
    { requiredKeys: ["criteria", "checks", "commitments", "retryProtocol"] },
  )
  // Records come without a prototype now and then, which nothing that was parsed does.
  .map((contract) => structuredClone(contract));
