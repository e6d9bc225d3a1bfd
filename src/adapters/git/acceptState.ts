// What accepts of a task have done so far, kept as a blob in the repository: so that accepting again neither merges
// what the user has put right since, nor trips over an accept that a crash cut off.
import * as z from "zod/mini";
import { parseWith } from "../../core/domain/schema";
import type { TaskNames } from "./names";
import type { Git, Place } from "./runGit";

const WORDS = { what: "The record of the accept could not be written" };

const schema = z.object({
  version: z.literal(1),
  /** Commits of the working tree as it was before each call of an accept that has not come to its end. */
  unfinished: z.array(z.string()),
  handled: z.record(
    z.string(),
    z.object({ result: z.enum(["applied", "conflict"]), theirs: z.nullable(z.string()), ours: z.nullable(z.string()) }),
  ),
});

export type AcceptState = z.infer<typeof schema>;
export type Handled = AcceptState["handled"][string];

const NOTHING: AcceptState = { version: 1, unfinished: [], handled: {} };

export async function readAcceptState(git: Git, place: Place, names: TaskNames): Promise<AcceptState> {
  const { exitCode, stdout } = await git.attempt(place, ["cat-file", "blob", names.acceptRef]);
  if (exitCode !== 0) return NOTHING;
  let data: unknown;
  try {
    data = JSON.parse(stdout.toString("utf8"));
  } catch {
    // Without the record an accept only merges more often than it must.
    return NOTHING;
  }
  const parsed = parseWith(schema, data);
  return parsed.ok ? parsed.value : NOTHING;
}

/** `refs`: what moves at the same moment, name and commit. */
export async function writeAcceptState(
  git: Git,
  place: Place,
  names: TaskNames,
  change: { readonly state: AcceptState; readonly refs: readonly (readonly [string, string])[] },
): Promise<void> {
  const blob = await git.line(place, ["hash-object", "-w", "--stdin"], WORDS, { input: JSON.stringify(change.state) });
  const lines = [`update ${names.acceptRef} ${blob}`, ...change.refs.map(([ref, commit]) => `update ${ref} ${commit}`)];
  await git.run(place, ["update-ref", "--stdin"], WORDS, { input: lines.map((line) => `${line}\n`).join("") });
}
