// The contract's two written forms: the schema a model answers in, and the YAML block in `plan.md`.
// Parsing and printing lose nothing; the rules a contract must meet are in contractRules.ts.
import { Document, parse, visit } from "yaml";
import * as z from "zod/mini";
import { CHECK_TIMEOUT_S, type Contract } from "./contract";
import { messageOf } from "./errors";
import { codeBlock, sectionOf } from "./markdown";
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
    sealed: z.exactOptional(z.boolean()),
    dryRun: z.exactOptional(z.boolean()),
    verifiesData: z.exactOptional(z.boolean()),
    alsoCovers: z.exactOptional(z.array(id)),
  }),
  z.strictObject({ ...base, kind: z.literal("fileExists"), path: text }),
  z.strictObject({ ...base, kind: z.literal("fileMatches"), path: text, pattern: text }),
  z.strictObject({ ...base, kind: z.literal("sections"), path: text, headings: z.array(text).check(z.minLength(1)) }),
  z.strictObject({ ...base, kind: z.literal("noPlaceholders"), path: text }),
  z.strictObject({ ...base, kind: z.literal("dateRange"), path: text, from: text, to: text, column: z._default(z.string(), "") }),
  z.strictObject({ ...base, kind: z.literal("recalculate"), path: text, rules: z.array(text).check(z.minLength(1)) }),
  z.strictObject({ ...base, kind: z.literal("syntax"), path: text }),
  z.strictObject({ ...base, kind: z.literal("destructiveCommands"), path: text }),
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
  sealedFiles: z.exactOptional(z.array(z.strictObject({ path: text, text: z.string() }))),
  protected: z.exactOptional(z.array(text)),
  mayChange: z.exactOptional(z.array(text)),
});

export const CONTRACT_HEADING = "## Sprint Contract";

/** The contract as YAML, checks in their order. What has its default value is left out. */
export function printContract(contract: Contract): string {
  const document = new Document({ ...sparse(contract), checks: contract.checks.map(sparse) });
  visit(document, {
    Scalar: (_, node) => {
      if (typeof node.value === "string" && !isCalm(node.value)) node.type = "QUOTE_DOUBLE";
    },
  });
  return document.toString({ lineWidth: 0, defaultStringType: "PLAIN", defaultKeyType: "PLAIN", doubleQuotedAsJSON: true });
}

/** The default values that the schema fills in again, and what says the same as nothing. */
const DEFAULTS = {
  exit: "0",
  outputMatches: "[]",
  outputLacks: "[]",
  timeout: String(CHECK_TIMEOUT_S),
  commitments: "[]",
  retryProtocol: '""',
  sealed: "false",
  dryRun: "false",
  verifiesData: "false",
  column: '""',
  alsoCovers: "[]",
  sealedFiles: "[]",
  protected: "[]",
  mayChange: "[]",
};

function sparse(data: object): object {
  const isDefault = (key: string, value: unknown): boolean => key in DEFAULTS && JSON.stringify(value) === DEFAULTS[key as keyof typeof DEFAULTS];
  return Object.fromEntries(Object.entries(data).filter(([key, value]) => !isDefault(key, value)));
}

/**
 * May stand in the file as it is, over several lines if it has them. Anything else is written as one quoted line with
 * escapes: editors change white space that nobody sees, and the YAML library loses some of it in blocks.
 */
function isCalm(value: string): boolean {
  const hasHidden = /[^\P{C}\n\t]|[^\S\n\t ]/u.test(value);
  const hasEdges = /^\s|\n\n$/.test(value) || /[ \t]$/m.test(value);
  return !hasHidden && !(value.includes("\n") && hasEdges);
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

/** The `## Sprint Contract` section for `plan.md`: a heading and a code block that nothing in it can close. */
export function contractSection(contract: Contract): string {
  return `${CONTRACT_HEADING}\n\n${codeBlock("yaml", printContract(contract))}\n`;
}

/** Finds and parses the contract in the text of a `plan.md`. */
export function contractIn(markdown: string): Parsed<Contract> {
  const refused = (problem: string): Parsed<Contract> => ({ ok: false, problems: [problem] });
  const lines = markdown.split(/\r?\n/);
  const section = sectionOf(lines, CONTRACT_HEADING);
  if (section === null) return refused(`there is no "${CONTRACT_HEADING}" heading outside of code blocks`);
  const block = section.blocks.find(({ info }) => /^ya?ml$/i.test(info));
  if (block === undefined) return refused(`there is no yaml block under "${CONTRACT_HEADING}"`);
  if (block.close === null) return refused(`the yaml block under "${CONTRACT_HEADING}" is not closed`);
  // The last line feed counts: a text that ends with several keeps them.
  return parseContract(`${lines.slice(block.open + 1, block.close).join("\n")}\n`);
}
