// Shows what an attempt changed of the files that checks depend on, and fails it for lines that make checks pass
// whatever the code does. Adding tests is nothing to report.
import { endsWellAnyway } from "../../domain/contractRules";
import type { CommandCheck } from "../../domain/contract";
import { forcingLine, linesBrought } from "../../domain/forcedPass";
import type { Inspection } from "../../domain/inspection";
import { codeSpan } from "../../domain/markdown";
import { sealedFolder } from "../../domain/sealed";
import { spyingIn, type BroughtLines } from "../../domain/spying";
import { scriptsIn } from "../../domain/protection";
import { isSourceFile } from "../../domain/sourceFile";
import type { Inspected, ProtectedChange } from "../inspected";
import { readerOf } from "./protectedChanges";

/** Source files that are looked through for lines about tests. */
const MOST_SOURCES = 300;

export async function findProtectedChanges(inspected: Inspected): Promise<readonly Inspection[]> {
  const { changes } = inspected;
  const sources = await sourcesOf(inspected, new Set(changes.map(({ path }) => path)));
  const folder = sealedFolder(inspected.contract.sealedFiles ?? []);
  return [
    ...changes.flatMap((change) => [...changed(change), ...forced(change)]),
    ...sources.flatMap(forcedInSource),
    ...[...changes.map(({ path, base, brought }) => ({ path, base: base ?? "", brought })), ...sources].flatMap((lines) => spying({ ...lines, sealedFolder: folder })),
  ];
}

const VERBS: Readonly<Record<ProtectedChange["status"], string>> = { added: "adds", modified: "changes", deleted: "deletes", typeChanged: "replaces" };

function changed(change: ProtectedChange): readonly Inspection[] {
  if (isAddition(change)) return [];
  const { path, status, checks, protection, isAllowed } = change;
  const what = status === "added" ? ADDED[protection] ?? "which decides about" : "which decides about";
  const text = `The attempt ${VERBS[status]} ${path}, ${what} ${named(checks)}${isAllowed ? ", as the contract allows" : ""}.`;
  return [{ kind: "protectedChanged", weight: "note", check: checks[0]?.id ?? null, path, text }];
}

const ADDED: Readonly<Partial<Record<ProtectedChange["protection"], string>>> = {
  config: "which configures",
  shadow: "which takes the place of something that is run by",
};

/** A new test, or tests at the end of a file. */
function isAddition({ protection, status, base, attempt }: ProtectedChange): boolean {
  if (protection === "vendor") return status === "added";
  if (protection !== "test" && protection !== "script" && protection !== "listed") return false;
  if (status === "added") return true;
  return protection === "test" && base !== null && attempt !== null && attempt.startsWith(base.trimEnd()) && base.trim() !== "";
}

function forced(change: ProtectedChange): readonly Inspection[] {
  const { path, status, protection, checks, brought } = change;
  if (protection === "shadow" && status === "added") {
    return [finding(change, `The attempt adds ${path}, which can make ${named(checks)} pass whatever the code does.`)];
  }
  const script = protection === "manifest" ? forcedScript(change) : null;
  const line = script ?? forcingLine(path, "tests", brought);
  if (line === null) return [];
  return [finding(change, `The attempt brings a line into ${path} that makes ${named(checks)} pass whatever the code does: ${codeSpan(line)}.`)];
}

function finding({ path, checks }: ProtectedChange, text: string): Inspection {
  return { kind: "forcedPass", weight: "fails", check: checks[0]?.id ?? null, path, text };
}

/** A script that ends well anyway, or puts programs before the real ones, and did not before. */
function forcedScript({ base, attempt, scripts }: ProtectedChange): string | null {
  const [before, after] = [scriptsIn(base ?? ""), scriptsIn(attempt ?? "")];
  const isForced = (run: string): boolean => endsWellAnyway(run) || /(?:^|\s)PATH=/.test(run);
  const name = scripts.find((one) => after[one] !== before[one] && isForced(after[one] ?? "") && !isForced(before[one] ?? ""));
  return name === undefined ? null : `${name}: ${after[name] ?? ""}`;
}

type SourceLines = Omit<BroughtLines, "sealedFolder">;

/** Of the attempt's sources that no check is known to depend on. */
async function sourcesOf({ run, attempt, commit }: Inspected, known: ReadonlySet<string>): Promise<readonly SourceLines[]> {
  const [readBase, readAttempt] = [readerOf(run, run.base.commit), readerOf(run, commit)];
  const sources = attempt.files.filter(({ path, status }) => status !== "deleted" && !known.has(path) && isSourceFile(path));
  const lines: SourceLines[] = [];
  for (const { path, status } of sources.slice(0, MOST_SOURCES)) {
    const text = await readAttempt(path);
    const base = (status === "added" ? null : await readBase(path)) ?? "";
    if (text !== null) lines.push({ path, base, brought: linesBrought(base, text) });
  }
  return lines;
}

function forcedInSource({ path, brought }: SourceLines): readonly Inspection[] {
  const line = forcingLine(path, "source", brought);
  if (line === null) return [];
  return [{ kind: "forcedPass", weight: "fails", check: null, path, text: `The attempt brings a line into ${path} that disarms tests or tells them from real use: ${codeSpan(line)}.` }];
}

function spying(lines: BroughtLines): readonly Inspection[] {
  const found = spyingIn(lines);
  if (found === null) return [];
  return [{ kind: "forcedPass", weight: "fails", check: null, path: lines.path, text: `The attempt brings a line into ${lines.path} that ${found.what}: ${codeSpan(found.line)}.` }];
}

function named(checks: readonly CommandCheck[]): string {
  const ids = checks.map(({ id, criterion }) => `${id} (${criterion})`);
  return `${ids.length === 1 ? "check" : "checks"} ${ids.join(", ")}`;
}
