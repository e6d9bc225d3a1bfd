// Refuses contracts that hold keys or passwords: they are kept on record, where such values are replaced by marks, and a
// check that holds one would run with the mark in its place.
import type { Contract } from "../domain/contract";
import { marksIn } from "../secrets/marks";
import { Redactor } from "../secrets/redactor";

/** One whole sentence a check, for the negotiator or the person who wrote it. */
export function secretProblems(contract: Contract): readonly string[] {
  const formats = new Redactor();
  const parts = [...contract.checks.map((check) => ({ name: check.id, part: check })), ...(contract.sealedFiles ?? []).map((file) => ({ name: file.path, part: file }))];
  return parts.flatMap(({ name, part }) => {
    const kinds = [...formats.deep(part).found.map(({ kind }) => kind), ...marksIn(JSON.stringify(part))];
    if (kinds.length === 0) return [];
    return [`${name} holds what looks like a secret (${kinds.join(", ")}), and contracts are kept on record: let it put such a value together when it runs, or read it from a file.`];
  });
}
