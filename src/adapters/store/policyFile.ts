// The person's own command policy for the command line: `policy.json` in their configuration folder. Entries that mean
// nothing, or a file that cannot be read, are an error: a deny entry that is believed in must not be missing.
import { readFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod/mini";
import { CountersignError, messageOf } from "../../core/domain/errors";
import { parseWith } from "../../core/domain/schema";
import type { CommandPolicy } from "../../core/policy/commandPolicy";
import { errnoOf, ioError } from "./ioError";

const schema = z.strictObject({ allow: z.optional(z.array(z.string())), deny: z.optional(z.array(z.string())) });

export function policyFileIn(folder: string): string {
  return path.join(folder, "policy.json");
}

/** Nothing allowed and nothing denied where there is no such file. Throws CountersignError `badRequest` or `io`. */
export async function readPolicyFile(folder: string): Promise<CommandPolicy> {
  const file = policyFileIn(folder);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return { allow: [], deny: [] };
    throw ioError(error, { what: `${file} could not be read`, kept: "Nothing was run." });
  }
  const parsed = parseWith(schema, parsedJson(text, file));
  if (!parsed.ok) throw new CountersignError("badRequest", `${file} has a wrong setting: ${parsed.problems.join("; ")}. Nothing was run.`);
  return { allow: parsed.value.allow ?? [], deny: parsed.value.deny ?? [] };
}

function parsedJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CountersignError("badRequest", `${file} is no JSON: ${messageOf(error)}. Correct or remove it; nothing was run.`, { cause: error });
  }
}
