// The sample's script with a third attempt, for when its reviewer sends it back: the generator does what was asked.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseScript } from "../../src/adapters/model/script";
import { sampleWorkspace } from "../editor/sampleWorkspace";
import { quickSampleScript } from "./quickSample";

export const SAMPLE_SCRIPT = path.resolve("samples/fibonacci.script.json");
/** The title of the sample's task. */
export const SAMPLE_TITLE = "Add a Fibonacci command";
/** What the third attempt puts where it was asked for a reason. */
export const ANSWERED_COMMENT = "// 5,000 numbers print in well under a second; F(50000) alone has 10,450 digits.";

export interface JourneyOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The attempt after which the evaluator judges the user's request, too. */
  readonly answersIn?: 2 | 3;
}

/** The sample repository in `folder`/tally, for a window whose every role is played by the script with three attempts. */
export function journeyWorkspace(folder: string, { settings = {}, answersIn = 3 }: JourneyOptions = {}): string {
  const { dir } = sampleWorkspace(path.join(folder, "tally"));
  mkdirSync(path.join(dir, ".vscode"));
  writeFileSync(path.join(dir, ".vscode", "settings.json"), JSON.stringify({ ...playedBy(journeyModel(folder, answersIn)), ...settings }, null, 2));
  return dir;
}

/** Writes the script into `folder` and returns the id of a model that it plays, priced as one of ours. */
function journeyModel(folder: string, answersIn: number): string {
  const script = parseScript(quickSampleScript(), SAMPLE_SCRIPT);
  const of = (role: string): (typeof script.sessions)[number] => {
    const found = script.sessions.find((session) => session.role === role && session.attempt === 2);
    if (found === undefined) throw new Error(`the sample's script has no second ${role}`);
    return found;
  };
  const edits = [
    {
      find: "// F(50000) has 10450 digits; a list of the first 50000 numbers would fill memory, so it ends earlier.",
      replace: ANSWERED_COMMENT,
    },
  ];
  const edit = { text: "The reviewer asks where the limit comes from. I say it where it stands.", toolCalls: [{ name: "edit_file", input: { path: "src/commands/fibonacci.js", edits } }] };
  const third = [{ ...of("generator"), attempt: 3, turns: [edit, ...of("generator").turns.slice(-1)] }, { ...of("evaluator"), attempt: 3 }];
  const sessions = [...script.sessions, ...third].map((session) => (session.role === "evaluator" && session.attempt === answersIn ? judgingRequest(session) : session));
  const file = path.join(folder, "journey.script.json");
  writeFileSync(file, JSON.stringify({ ...script, sessions }));
  return `script:${file}#claude-sonnet-5-5`;
}

/** Settings under which every role is played by that model. */
function playedBy(model: string): Readonly<Record<string, string>> {
  const roles = ["planner", "contract_negotiator", "generator", "evaluator", "single_agent"];
  return Object.fromEntries(roles.map((role) => [`countersign.models.${role}`, model]));
}

function judgingRequest<T extends { readonly turns: readonly object[] }>(session: T): object {
  const finding = { criterion: "user-1", met: true, evidence: [{ source: "file:src/commands/fibonacci.js", quote: "let [current, next] = [1n, 1n];" }], comment: "" };
  const turns = session.turns.map((turn) => {
    const verdict = "json" in turn ? (turn.json as { readonly findings?: readonly unknown[] }) : undefined;
    return verdict?.findings === undefined ? turn : { ...turn, json: { ...verdict, findings: [...verdict.findings, finding] } };
  });
  return { ...session, turns };
}
