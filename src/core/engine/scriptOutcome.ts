// Built-in checks that read a file as code: its syntax where no tool is needed, and what a script would destroy.
import type { CheckOutcome, FileFacts, TextCheck } from "../domain/checkOutcome";
import type { Check, CommandCheck } from "../domain/contract";
import { dataSyntaxProblem, syntaxCheckOf } from "../domain/syntaxCheck";

type FileCheck = Exclude<Check, CommandCheck>;

export function isTextCheck(check: FileCheck): check is TextCheck {
  return check.kind !== "syntax" && check.kind !== "destructiveCommands";
}

export async function scriptOutcome(check: Exclude<FileCheck, TextCheck>, { exists, text }: FileFacts): Promise<CheckOutcome> {
  const problem = !exists ? `${check.path} does not exist` : text === null ? `${check.path} is not a text file` : await problemWith(check, text);
  return { green: problem === null, reason: problem ?? "" };
}

async function problemWith({ kind, path }: Exclude<FileCheck, TextCheck>, text: string): Promise<string | null> {
  if (kind === "syntax") {
    const way = syntaxCheckOf(path);
    return way.kind === "data" ? dataSyntaxProblem(path, way.format, text) : `no tool that only reads is known for ${path}`;
  }
  const { destructiveCommandIn } = await import("./destructiveCommands");
  const reading = destructiveCommandIn(text, path);
  if (reading.kind === "unreadable") return `${path} cannot be read: ${reading.why}`;
  return reading.found === null ? null : `${path}:${reading.found.line} destroys without asking: ${reading.found.text}`;
}
