// The contract's two written forms: the schema a model answers in, and the YAML block in `plan.md`.
// Parsing and printing lose nothing; the rules a contract must meet are in contractRules.ts.
import { parse, stringify } from "yaml";
import * as z from "zod/mini";
import { CHECK_TIMEOUT_S, type Check, type Contract } from "./contract";
import { messageOf } from "./errors";
import { parseWith, type Parsed } from "./schema";

const id = z.string().check(z.regex(/^[A-Za-z][A-Za-z0-9_-]{0,15}$/, "ids are a letter and up to 15 letters, digits, - or _"));
const text = z.string().check(z.minLength(1, "must not be empty"));
const texts = z._default(z.array(z.string()), []);

const base = { id, criterion: id };

const checkSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    ...base,
    kind: z.literal("command"),
    run: text,
    exit: z._default(z.int().check(z.minimum(0), z.maximum(255)), 0),
    outputMatches: texts,
    outputLacks: texts,
    timeout: z._default(z.int().check(z.minimum(1), z.maximum(3600)), CHECK_TIMEOUT_S),
  }),
  z.strictObject({ ...base, kind: z.literal("fileExists"), path: text }),
  z.strictObject({ ...base, kind: z.literal("fileMatches"), path: text, pattern: text }),
  z.strictObject({ ...base, kind: z.literal("sections"), path: text, headings: z.array(text).check(z.minLength(1)) }),
  z.strictObject({ ...base, kind: z.literal("noPlaceholders"), path: text }),
  z.strictObject({
    ...base,
    kind: z.literal("jsonPath"),
    path: text,
    pointer: z.string(),
    equals: z.union([z.string(), z.number(), z.boolean(), z.null()]),
  }),
]);

/** What the contract negotiator answers in. */
export const contractSchema = z.strictObject({
  criteria: z.array(z.strictObject({ id, text, kind: z.enum(["change", "guard"]) })),
  checks: z.array(checkSchema),
  commitments: texts,
  retryProtocol: z._default(z.string(), ""),
});

export const CONTRACT_HEADING = "## Sprint Contract";

/** The contract as YAML, checks grouped as they stand. */
export function printContract(contract: Contract): string {
  return stringify(contract, { lineWidth: 0, defaultStringType: "PLAIN", defaultKeyType: "PLAIN" });
}

export function parseContract(yaml: string): Parsed<Contract> {
  let data: unknown;
  try {
    data = parse(yaml, { strict: true, uniqueKeys: true, maxAliasCount: 0 });
  } catch (error) {
    return { ok: false, problems: [`the YAML does not parse: ${messageOf(error)}`] };
  }
  return parseWith<Contract>(contractSchema, data);
}

/** The `## Sprint Contract` section for `plan.md`: a heading, a sentence, a fence long enough for any content. */
export function contractSection(contract: Contract): string {
  const yaml = printContract(contract);
  const longest = Math.max(2, ...[...yaml.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = "`".repeat(longest + 1);
  return `${CONTRACT_HEADING}\n\n${fence}yaml\n${yaml}${fence}\n`;
}

/** Finds and parses the contract in the text of a `plan.md`. */
export function contractIn(markdown: string): Parsed<Contract> {
  const lines = markdown.split(/\r?\n/);
  const heading = lines.findIndex((line) => line.trim() === CONTRACT_HEADING);
  if (heading === -1) return { ok: false, problems: [`there is no "${CONTRACT_HEADING}" heading`] };
  const open = lines.findIndex((line, index) => index > heading && /^`{3,}ya?ml\s*$/.test(line));
  if (open === -1) return { ok: false, problems: [`there is no yaml block under "${CONTRACT_HEADING}"`] };
  const fence = /^`+/.exec(lines[open] ?? "")?.[0] ?? "```";
  const close = lines.findIndex((line, index) => index > open && line.trimEnd() === fence);
  if (close === -1) return { ok: false, problems: [`the yaml block under "${CONTRACT_HEADING}" is not closed`] };
  return parseContract(lines.slice(open + 1, close).join("\n"));
}

/** A check in one line, for people. */
export function describeCheck(check: Check): string {
  switch (check.kind) {
    case "command":
      return `\`${check.run}\`${check.exit === 0 ? "" : ` exits ${check.exit}`}`;
    case "fileExists":
      return `${check.path} exists`;
    case "fileMatches":
      return `${check.path} matches /${check.pattern}/`;
    case "sections":
      return `${check.path} has the sections ${check.headings.join(", ")}`;
    case "noPlaceholders":
      return `${check.path} holds no placeholders`;
    case "jsonPath":
      return `${check.path} has ${JSON.stringify(check.equals)} at ${check.pointer}`;
  }
}
