// `chain`: reads a chain file, shows its tasks, or carries them out as a mission.
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { CountersignError, messageOf } from "../core/domain/errors";
import { parseChain, type Chain } from "../core/mission/chain/chainFile";
import type { Command } from "./arguments";
import { EXIT, runCommand, type CommandContext } from "./runCommands";
import type { Terminal } from "./terminal";

type ChainCommand = Extract<Command, { kind: "chain" }>;

/** No plan that a person looks through is larger. */
const LARGEST_FILE = 20_000_000;

/** Throws CountersignError `badRequest` for a file that is refused, with everything that is wrong in it. */
export async function chainCommand(command: ChainCommand, context: CommandContext): Promise<number> {
  const { cwd, out } = context;
  const text = await textOf(path.resolve(cwd, command.file), command.file);
  const chain = readChain(text, command.file);
  if (!command.dryRun) {
    const { dryRun: _dryRun, file: _file, ...options } = command;
    const request = chain.plan.request.trim() === "" ? chain.plan.title : chain.plan.request;
    return runCommand({ ...options, kind: "run", text: request, type: "mission", optimize: false, chain: text }, context);
  }
  if (command.json) out.raw(`${JSON.stringify(chainJson(chain), null, 2)}\n`);
  else print(chain, out);
  return EXIT.passed;
}

function readChain(text: string, shown: string): Chain {
  const result = parseChain(text);
  if (result.kind === "parsed") return result.chain;
  const list = result.problems.map((problem) => `  ${problem}`).join("\n");
  throw new CountersignError("badRequest", `${shown} is refused, nothing was run:\n${list}\nCorrect the file and try again.`);
}

async function textOf(file: string, shown: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size <= LARGEST_FILE) return await readFile(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why = code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "it is a folder" : messageOf(error);
    throw new CountersignError(code === "ENOENT" ? "notFound" : "io", `${shown} cannot be read: ${why}.`, { cause: error });
  }
  throw new CountersignError("badRequest", `${shown} is larger than ${LARGEST_FILE / 1_000_000} MB: that is no chain file.`);
}

/** What `--json` prints; other programs read it, so names and their order stay. */
function chainJson({ plan, dag, warnings }: Chain): object {
  const tasks = plan.tasks.map(({ id, title, workerRole, qcRole, model, prompt, dependencies, criteria, maxRetries, estimatedToolCalls, parallelGroup }) => ({
    id,
    title,
    workerRole,
    qcRole,
    model,
    prompt,
    dependencies,
    criteria,
    maxRetries,
    estimatedToolCalls,
    parallelGroup,
  }));
  return { tasks, batches: dag.batches, warnings };
}

const WIDEST_COLUMN = 48;

function print({ plan, dag, warnings }: Chain, out: Terminal): void {
  out.line(out.bold(plan.title));
  out.line();
  const rows = plan.tasks.map((task) => [task.id, clipped(task.title), String(task.estimatedToolCalls), task.dependencies.join(", ")] as const);
  printTable([["task", "title", "calls", "waits for"], ...rows], out);
  out.line();
  for (const [at, ids] of dag.batches.entries()) out.line(`${at === 0 ? "first" : "then "}  ${ids.join(", ")}`);
  out.line(out.dim(`Longest chain: ${dag.criticalPath.join(" → ")}`));
  if (warnings.length > 0) out.line();
  for (const warning of warnings) out.line(`${out.yellow("·")} ${warning}`);
}

function printTable(rows: readonly (readonly string[])[], out: Terminal): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => Array.from(row[column] ?? "").length)));
  for (const [at, row] of rows.entries()) {
    const text = row.map((cell, column) => cell + " ".repeat(Math.max(0, (widths[column] ?? 0) - Array.from(cell).length))).join("  ").trimEnd();
    out.line(at === 0 ? out.dim(text) : text);
  }
}

function clipped(text: string): string {
  const line = Array.from(text.replace(/\s+/g, " ").replace(/\p{C}/gu, "").trim());
  return line.length > WIDEST_COLUMN ? `${line.slice(0, WIDEST_COLUMN - 1).join("")}…` : line.join("");
}
