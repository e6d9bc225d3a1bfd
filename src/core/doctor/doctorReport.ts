// What protects a person here and what is missing, as a list of findings, and in words. Pure: the facts come in, and no
// key is among them.
import { codeSpan } from "../domain/markdown";
import type { CommandPolicy } from "../policy/commandPolicy";
import type { Protection } from "../ports/protection";

export interface DoctorFacts {
  readonly version: string;
  /** The folder that was looked at; null where none is open. */
  readonly folder: { readonly path: string; readonly isWritable: boolean; readonly isRepository: boolean; readonly problem: string | null } | null;
  /** null where the host knows no such thing. */
  readonly isTrusted: boolean | null;
  readonly protection: Protection;
  /** Hosts that commands may reach, as the setting names them. */
  readonly network: readonly string[] | "off";
  /** Version as the program prints it; null: not found. */
  readonly git: string | null;
  readonly ripgrep: string | null;
  readonly node: { readonly version: string; readonly wanted: string; readonly isEnough: boolean };
  /** Where a key or a server comes from, in words; null: none. Never the key itself. */
  readonly model: string | null;
  readonly setModel: string;
  /** Who writes the journal now: a process by its name, or null. */
  readonly journalOwner: string | null;
  readonly worktrees: { readonly folder: string; readonly freeBytes: number | null };
  readonly policy: CommandPolicy & { readonly where: string; readonly problems: readonly string[] };
  /** Commands allowed in this workspace by the person's answers. */
  readonly approvals: number;
  readonly sealedChecks: boolean;
}

export interface Finding {
  readonly about: string;
  /** `missing`: something is to be done. `note`: it is as the person wanted it, and they should know. */
  readonly state: "good" | "note" | "missing";
  /** One or two sentences. */
  readonly text: string;
  /** Shell commands or steps that change it. */
  readonly remedy: readonly string[];
}

/** Less than this is little for worktrees and what set-up puts into them. */
const LITTLE_SPACE = 2 * 1024 ** 3;

export function findings(facts: DoctorFacts): readonly Finding[] {
  return [
    sandbox(facts),
    network(facts),
    ...policy(facts),
    ...folder(facts),
    git(facts),
    facts.ripgrep === null
      ? note("ripgrep", "It was not found. Search works without, only slower.")
      : good("ripgrep", facts.ripgrep),
    facts.node.isEnough ? good("Node.js", facts.node.version) : missing("Node.js", `${facts.node.version} is too old: Countersign needs ${facts.node.wanted}.`, []),
    facts.model === null ? missing("Model", "No key and no server is set up, so no task can run. The sample needs none.", [facts.setModel]) : good("Model", facts.model),
    good("Journal", facts.journalOwner === null ? "Nobody writes it now." : `${facts.journalOwner} writes it.`),
    space(facts),
    facts.sealedChecks ? good("Sealed checks", "Contracts for code have acceptance tests that the generator never sees.") : note("Sealed checks", "They are switched off: the generator sees every check it is judged by."),
  ];
}

export function isWell(list: readonly Finding[]): boolean {
  return list.every(({ state }) => state !== "missing");
}

/** Markdown, for the editor. */
export function printDoctor(facts: DoctorFacts): string {
  const list = findings(facts);
  const rows = list.map((finding) => {
    const remedies = finding.remedy.map((step) => `  - ${codeSpan(step)}`);
    return [`- **${finding.about}**: ${STATE_WORDS[finding.state]}${finding.text}`, ...remedies].join("\n");
  });
  const head = isWell(list) ? "Nothing is missing." : "Something is missing.";
  return `# Countersign doctor\n\n${head} Version ${facts.version}${facts.folder === null ? "" : `, ${codeSpan(facts.folder.path)}`}.\n\n${rows.join("\n")}\n`;
}

const STATE_WORDS: Readonly<Record<Finding["state"], string>> = { good: "", note: "", missing: "**missing.** " };

function sandbox({ protection }: DoctorFacts): Finding {
  switch (protection.kind) {
    case "active":
      return good("Sandbox", `${protection.name} confines every command.`);
    case "missing":
      return missing("Sandbox", `${protection.why} Every command needs your permission until then.`, protection.install);
    case "off":
      return note("Sandbox", `${protection.why} Every command needs your permission.`);
  }
}

function network({ network: hosts, protection }: DoctorFacts): Finding {
  if (protection.kind !== "active") return note("Network", "Without a sandbox, a command that is allowed to run reaches whatever you can reach.");
  if (hosts === "off") return good("Network", "Off, for set-up commands as well.");
  const more = hosts.length === 0 ? "" : ` Agents' commands reach ${hosts.join(", ")}.`;
  return good("Network", `Set-up commands reach the package registries; checks reach nothing.${more}`);
}

function policy({ policy: { allow, deny, where, problems }, approvals }: DoctorFacts): readonly Finding[] {
  const entries = `${allow.length} allowed and ${deny.length} denied in ${where}; ${approvals} allowed in this workspace by your answers.`;
  if (problems.length > 0) return [missing("Command policy", `${problems.join(" ")} ${entries}`, [])];
  return [good("Command policy", entries)];
}

function folder({ folder: at, isTrusted }: DoctorFacts): readonly Finding[] {
  const trust = isTrusted === false ? [missing("Workspace trust", "This workspace is not trusted: nothing is run in it.", ["Workspaces: Manage Workspace Trust"])] : [];
  if (at === null) return [...trust, note("Folder", "No folder is open.")];
  if (at.problem !== null) return [...trust, missing("Folder", at.problem, [])];
  if (!at.isWritable) return [...trust, missing("Folder", `${at.path} cannot be written: accepting changes and keeping a journal will fail.`, [])];
  return [...trust, good("Folder", `${at.path} can be written${at.isRepository ? "" : "; it is no git repository, so a shadow repository is used"}.`)];
}

function git({ git: version }: DoctorFacts): Finding {
  return version === null ? missing("git", "It was not found, and every task works in a git worktree.", ["Install git, or put it on the PATH"]) : good("git", version);
}

function space({ worktrees: { folder: where, freeBytes } }: DoctorFacts): Finding {
  if (freeBytes === null) return note("Disk", `How much is free below ${where} could not be found out.`);
  const text = `${gigabytes(freeBytes)} free for worktrees in ${where}.`;
  return freeBytes < LITTLE_SPACE ? missing("Disk", text, ["Countersign: Clean Up Worktrees, or free some space"]) : good("Disk", text);
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(1)} GB`;
}

const good = (about: string, text: string): Finding => ({ about, state: "good", text, remedy: [] });
const note = (about: string, text: string): Finding => ({ about, state: "note", text, remedy: [] });
const missing = (about: string, text: string, remedy: readonly string[]): Finding => ({ about, state: "missing", text, remedy });
