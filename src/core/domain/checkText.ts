// A check in words, for people and for models. Pure; apart from the contract's YAML, so that what only shows a check
// does not load a parser.
import type { Check, CommandCheck } from "./contract";
import { codeSpan } from "./markdown";

/** A check in one line, as Markdown. */
export function describeCheck(check: Check): string {
  switch (check.kind) {
    case "command":
      return [codeSpan(check.run), ...expectationsOf(check)].join(", ");
    case "fileExists":
      return `${check.path} exists`;
    case "fileMatches":
      return `${check.path} matches /${check.pattern}/`;
    case "sections":
      return `${check.path} has the sections ${check.headings.join(", ")}`;
    case "noPlaceholders":
      return `${check.path} holds no placeholders`;
    case "dateRange":
      return `${check.path}: ${check.column === "" ? "dates" : `dates of the column "${check.column}"`} are within ${check.from} and ${check.to}`;
    case "recalculate":
      return `${check.path}: recalculated by ${check.rules.join("; ")}`;
    case "syntax":
      return `${check.path} parses`;
    case "destructiveCommands":
      return `${check.path} destroys nothing unasked`;
    case "jsonPath":
      return `${check.path} has ${JSON.stringify(check.equals)} at ${check.pointer}`;
  }
}

/** What a command must do beyond ending with 0, and what else there is to know of it. */
export function expectationsOf(check: CommandCheck): readonly string[] {
  return [
    ...(check.exit === 0 ? [] : [`exits ${check.exit}`]),
    ...check.outputMatches.map((pattern) => `prints /${pattern}/`),
    ...check.outputLacks.map((pattern) => `never prints /${pattern}/`),
    ...(check.dryRun === true ? ["changes no file"] : []),
    ...(check.verifiesData === true ? ["by itself"] : []),
    ...(check.sealed === true ? ["sealed"] : []),
    ...((check.alsoCovers ?? []).length === 0 ? [] : [`with ${(check.alsoCovers ?? []).join(", ")}`]),
  ];
}
