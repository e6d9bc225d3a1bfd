// What a chain file says before its tasks: title, request, overview, assumptions where they are labelled so, else all of
// it as the overview. Pure.
import type { MissionPlan } from "../../domain/mission";
import { blocksIn } from "./blocks";
import { unwrapped } from "./fieldText";
import { itemsOf, saysNone } from "./fieldValues";
import { readLabel } from "./labels";
import { headingLevel, isBreak } from "./taskStart";

/** Text of the file that belongs to no task. */
export interface ChainSection {
  readonly place: "preamble" | "between" | "appendix";
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

type Overview = Omit<MissionPlan, "tasks">;

const LABELS = ["goal", "request", "overview", "assumptions"] as const;
type LabelName = (typeof LABELS)[number];

/** Headings that name no mission. */
const GENERAL = /^(?:task decomposition plan|task graph|project overview|chain output|execution plan|plan|overview|phase\b.*|step\b.*)$/i;

export function readOverview(sections: readonly ChainSection[]): Overview {
  const text = sections.filter(({ place }) => place === "preamble").map((section) => section.text).join("\n");
  const lines = text.split("\n");
  const found = labelled(lines);
  const goal = found.get("goal")?.trim() ?? "";
  const heading = lines.find((line) => headingLevel(line) === 1 && !GENERAL.test(headingText(line)));
  const title = goal === "" ? (heading === undefined ? "Imported plan" : headingText(heading)) : goal;
  const overview = found.get("overview");
  const request = found.get("request");
  if (overview === undefined || request === undefined) return { title, request: "", overview: text.trim(), assumptions: [] };
  const assumptions = found.get("assumptions") ?? "";
  return { title, request, overview, assumptions: saysNone({ text: assumptions, isExact: false }) ? [] : itemsOf(assumptions) };
}

function headingText(line: string): string {
  return line.slice(0, 500).replace(/^[\s#]+/, "").trim().replaceAll("**", "");
}

function labelled(lines: readonly string[]): ReadonlyMap<LabelName, string> {
  const inBlock = new Uint8Array(lines.length);
  for (const { start, end } of blocksIn(lines)) inBlock.fill(1, start, end + 1);
  const found = new Map<LabelName, string[]>();
  let current: string[] | null = null;
  for (const [at, line] of lines.entries()) {
    const label = inBlock[at] === 1 ? null : readLabel(line);
    const name = LABELS.find((one) => label?.style === "bold" && label.name.toLowerCase() === one);
    if (name !== undefined && !found.has(name)) {
      current = label?.value === "" ? [] : [label?.value ?? ""];
      found.set(name, current);
    } else if (inBlock[at] === 0 && (headingLevel(line) > 0 || isBreak(line) || label?.style === "bold")) current = null;
    else current?.push(line);
  }
  return new Map([...found].map(([name, text]) => [name, unwrapped(text).text]));
}
