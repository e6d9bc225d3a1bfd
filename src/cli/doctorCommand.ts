// `doctor`: what protects a person here, and what to install. Exit code 1 where something is missing.
import { homedir } from "node:os";
import { ApprovalsFile } from "../adapters/store/approvalsFile";
import { configDir } from "../adapters/store/configDir";
import { policyFileIn, readPolicyFile } from "../adapters/store/policyFile";
import { examine } from "../composition/doctor";
import type { Environment } from "../composition/site";
import { findings, isWell, type Finding } from "../core/doctor/doctorReport";
import { FileLogger } from "../adapters/log/fileLogger";
import { SystemClock } from "../adapters/clock/systemClock";
import type { Command } from "./arguments";
import { EXIT, type CommandContext } from "./runCommands";
import type { Terminal } from "./terminal";

export async function doctorCommand(command: Extract<Command, { kind: "doctor" }>, { env, out }: CommandContext): Promise<number> {
  const folder = configDir(env, process.platform, homedir());
  const logger = new FileLogger(env["COUNTERSIGN_LOG"] ?? null, new SystemClock());
  const facts = await examine(command.repo, {
    env,
    isTrusted: null,
    model: modelOf(env),
    setModel: "export ANTHROPIC_API_KEY=…",
    policy: { ...(await readPolicyFile(folder)), where: policyFileIn(folder) },
    approvals: (root) => ApprovalsFile.of(folder, root, logger),
    settings: null,
  });
  const list = findings(facts);
  if (command.json) out.raw(`${JSON.stringify({ well: isWell(list), version: facts.version, folder: facts.folder?.path ?? null, findings: list }, null, 2)}\n`);
  else for (const finding of list) print(finding, out);
  return isWell(list) ? EXIT.passed : EXIT.error;
}

function modelOf(env: Environment): string | null {
  const set = ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_BASE_URL"].filter((name) => env[name] !== undefined && env[name] !== "");
  return set.length === 0 ? null : `${set.join(", ")} ${set.length === 1 ? "is" : "are"} set.`;
}

const ABOUT_WIDTH = 16;

function print({ about, state, text, remedy }: Finding, out: Terminal): void {
  const mark = { good: out.green("✔"), note: out.yellow("·"), missing: out.red("✘") }[state];
  out.line(`${mark} ${about.padEnd(ABOUT_WIDTH)} ${text}`);
  for (const step of remedy) out.line(`  ${" ".repeat(ABOUT_WIDTH)} → ${step}`);
}
