// The bundled sample: a copy of a small real repository, its task, and the script that plays the models.
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { CountersignError, messageOf } from "../core/domain/errors";
import { errnoOf } from "../adapters/store/ioError";

const TASK = `Add a Fibonacci command

\`tally fibonacci N\` prints the N-th Fibonacci number (F(0) = 0, F(1) = 1), exactly, also where a double is not exact any more. A negative or fractional N is an error like those of the other commands: exit code 2 and a message on stderr. \`--list\` prints the first N numbers, one a line. The command is in \`tally --help\` and in README.md, and has tests.`;

export interface Sample {
  readonly repo: string;
  readonly script: string;
  readonly task: string;
}

/** Copies the sample to `keep` (which must be empty or missing) or a temporary folder and makes it a repository. */
/** The script that plays the sample's models. */
export function sampleScript(): string {
  return resolve(__dirname, "..", "samples", "fibonacci.script.json");
}

export async function prepareSample(keep: string | null): Promise<Sample> {
  const samples = resolve(__dirname, "..", "samples");
  const repo = keep === null ? join(await mkdtemp(join(tmpdir(), "countersign-sample-")), "tally") : resolve(keep);
  await mkdir(repo, { recursive: true });
  if ((await readdir(repo)).length > 0) {
    throw new CountersignError("conflict", `${repo} is not empty, and nothing was written. Name an empty folder with --keep.`);
  }
  await cp(join(samples, "tally"), repo, { recursive: true });
  await git(repo, "init", "--quiet", "--initial-branch=main");
  await git(repo, "add", "--all");
  await git(repo, ...PLAIN, "commit", "--quiet", "--no-verify", "--message=tally 1.3.0");
  return { repo, script: join(samples, "fibonacci.script.json"), task: TASK };
}

/** The first commit is ours: none of the user's hooks, signatures and names belongs to it. */
const PLAIN = ["-c", "user.name=Countersign", "-c", "user.email=sample@localhost", "-c", "commit.gpgSign=false", "-c", "core.hooksPath=/dev/null"];

async function git(repo: string, ...args: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)("git", ["-C", repo, ...args]);
  } catch (cause) {
    const isMissing = errnoOf(cause) === "ENOENT";
    const why = isMissing ? "git was not found. Install it, or put it on the PATH" : messageOf(cause);
    throw new CountersignError("git", `The sample could not be made a repository: ${why}. Its files are in ${repo}.`, { cause });
  }
}
