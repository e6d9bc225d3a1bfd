// Finds commands in a shell script that destroy things without asking: parsed, never matched as text. A command that
// runs only under a condition of the script's own is guarded.
import { forEachChild, parse, type SyntaxNode } from "unbash";
import { decide } from "../policy/commandPolicy";
import { readShell, shortened } from "../policy/shellReading";

const DESTRUCTIVE = [
  "rm -r", "rm -R", "rm --recursive", "shred", "mkfs", "mkfs.ext4", "wipefs", "dd", "fdisk", "parted", "truncate", "find -delete", "chmod -R", "chown -R", "shutdown", "reboot", "halt", "poweroff", "kill -9 -1",
  "git push --force", "git push -f", "git push --mirror", "git push --delete", "git reset --hard", "git clean -f", "git clean --force", "git branch -D", "git filter-branch", "git stash clear",
  "docker system prune", "docker volume rm", "kubectl delete", "helm uninstall", "terraform destroy", "dropdb", "aws s3 rb", "aws s3 rm", "gsutil rm", "gcloud projects delete", "npm unpublish", "crontab -r", "userdel",
];
const LARGEST_SCRIPT = 200_000;

export interface DestructiveCommand {
  /** 1-based. */
  readonly line: number;
  /** In one line. */
  readonly text: string;
}

export type ScriptReading = { readonly kind: "read"; readonly found: DestructiveCommand | null } | { readonly kind: "unreadable"; readonly why: string };

export function destructiveCommandIn(script: string, path: string): ScriptReading {
  if (!isShell(script, path)) return { kind: "unreadable", why: "it is no shell script" };
  if (script.length > LARGEST_SCRIPT) return { kind: "unreadable", why: "it is too long" };
  const tree = parse(script);
  const [error] = tree.errors ?? [];
  if (error !== undefined) return { kind: "unreadable", why: error.message };
  const found = firstIn(tree, script, 0);
  return { kind: "read", found: found === null ? null : { line: script.slice(0, found.pos).split("\n").length, text: shortened(script.slice(found.pos, found.end)) } };
}

function isShell(script: string, path: string): boolean {
  return /\.(?:sh|bash|ksh|zsh)$/i.test(path) || /^#!.*\b(?:sh|bash|dash|ksh|zsh)\b/.test(script);
}

const DEEPEST = 300;

/** The first one that runs whatever the script finds out. */
function firstIn(node: SyntaxNode, script: string, depth: number): SyntaxNode | null {
  if (depth > DEEPEST) return node;
  if (node.type === "Command" || node.type === "Pipeline") return isDestructive(script.slice(node.pos, node.end)) ? node : null;
  for (const child of certainParts(node)) {
    const found = firstIn(child, script, depth + 1);
    if (found !== null) return found;
  }
  return null;
}

function certainParts(node: SyntaxNode): readonly SyntaxNode[] {
  if (node.type === "If") return [node.clause];
  if (node.type === "AndOr") return node.commands.slice(0, 1);
  if (node.type === "Case") return [];
  const parts: SyntaxNode[] = [];
  forEachChild(node, (child) => void parts.push(child));
  return parts;
}

function isDestructive(command: string): boolean {
  return decide(command, { allow: [], deny: DESTRUCTIVE }).decision === "deny" && !clearsOwnFolders(command);
}

/** `rm -rf build`: folders of the repository, by their names. */
function clearsOwnFolders(command: string): boolean {
  const { commands } = readShell(command);
  const [only] = commands;
  if (only === undefined || commands.length > 1 || only.words[0]?.value !== "rm") return false;
  const operands = only.words.slice(1).filter((word) => !word.value.startsWith("-"));
  return operands.length > 0 && operands.every(({ exact, value }) => exact && /^(?:\.\/)?[\w@-][\w.@-]*(?:\/(?!\.\.?(?:\/|$))[\w.@-]+)*\/?$/.test(value));
}
