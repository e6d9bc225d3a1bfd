// What a command consists of and what that may touch, in lines for a person. Pure.
import { shownInLine } from "./shownCommand";
import { explain, type CommandEffect, type ExplainedCommand } from "../policy/explain";

const EFFECT_WORDS: Readonly<Record<CommandEffect["kind"], string>> = {
  reads: "reads",
  writes: "writes",
  network: "may use the network",
  runs: "runs",
  unknown: "may do anything",
};

/** One line a command in it, in the order in which they stand, e.g. `npm test: runs what package.json says`. */
export function touchLines(command: string): readonly string[] {
  const { commands, doubts, isCut } = explain(command);
  const lines = [...commands.map(lineOf), ...doubts.map((doubt) => `${doubt}.`), ...(isCut ? ["More than is listed here."] : [])];
  return lines.map(shownInLine);
}

function lineOf({ text, within, effects }: ExplainedCommand): string {
  const place = within.length === 0 ? "" : ` (in ${within.join(" → ")})`;
  const words = effects.map(({ kind, what }) => (what === "" ? EFFECT_WORDS[kind] : `${EFFECT_WORDS[kind]}: ${what}`));
  return `${text}${place}: ${[...new Set(words)].join("; ") || EFFECT_WORDS.unknown}`;
}
