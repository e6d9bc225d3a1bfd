// Cuts a list of operations into batches of bounded size. Pure. Only the last batch leaves a whole state behind: whoever
// applies them shows nothing in between.
import type { Json } from "./json";
import type { Op, Path } from "./patch";

const ENCODER = new TextEncoder();

/** Bytes of a value as JSON in UTF-8. */
export function jsonBytes(value: unknown): number {
  return ENCODER.encode(JSON.stringify(value)).length;
}

/**
 * Each batch has at most `limit` bytes as JSON. Applying all of them one after the other does what `ops` do. Only an
 * operation whose path alone is longer than the limit makes a larger one.
 */
export function batchesOf(ops: readonly Op[], limit: number): readonly (readonly Op[])[] {
  const batches: Op[][] = [];
  let room = 0;
  for (const op of ops.flatMap((one) => parts(one, limit - 2))) {
    // And a comma.
    const bytes = jsonBytes(op) + 1;
    const batch = batches.at(-1);
    if (batch !== undefined && bytes <= room) {
      batch.push(op);
      room -= bytes;
    } else {
      batches.push([op]);
      // Two brackets, and no comma behind the last one.
      room = limit - 1 - bytes;
    }
  }
  return batches;
}

/** The operation as several smaller ones, where it is too large. */
function parts(op: Op, limit: number): readonly Op[] {
  if (jsonBytes(op) <= limit) return [op];
  if (op.op === "slide") {
    const pieces = slices(op.add, limit - jsonBytes({ ...op, add: "" }));
    return pieces.map((add, index) => ({ ...op, drop: index === 0 ? op.drop : 0, add }));
  }
  if (op.op !== "set") return [op];
  const { path, value } = op;
  if (typeof value === "string") {
    return [{ op: "set", path, value: "" }, ...parts({ op: "slide", path, drop: 0, add: value }, limit)];
  }
  if (typeof value !== "object" || value === null) return [op];
  return isList(value) ? listParts(path, value, limit) : memberParts(path, Object.entries(value), limit);
}

function listParts(path: Path, items: readonly Json[], limit: number): readonly Op[] {
  const rest = items.flatMap((value, index) => parts({ op: "set", path: [...path, index], value }, limit));
  return [{ op: "set", path, value: [] }, ...rest];
}

/** Small members come with the object, large ones after it. */
function memberParts(path: Path, members: readonly (readonly [string, Json])[], limit: number): readonly Op[] {
  let room = limit - jsonBytes({ op: "set", path, value: {} });
  const together: (readonly [string, Json])[] = [];
  const alone: Op[] = [];
  for (const member of members) {
    // Braces become a comma.
    const bytes = jsonBytes({ [member[0]]: member[1] }) - 1;
    if (bytes <= room) {
      together.push(member);
      room -= bytes;
    } else {
      alone.push({ op: "set", path: [...path, member[0]], value: member[1] });
    }
  }
  return [{ op: "set", path, value: Object.fromEntries(together) }, ...alone.flatMap((op) => parts(op, limit))];
}

/** A text in pieces of at most `limit` bytes as JSON; no pair of surrogates is torn apart. */
function slices(text: string, limit: number): readonly string[] {
  const pieces: string[] = [];
  let [piece, bytes] = ["", 0];
  for (const character of text) {
    const more = jsonBytes(character) - 2;
    if (bytes + more > limit && piece !== "") {
      pieces.push(piece);
      [piece, bytes] = ["", 0];
    }
    piece += character;
    bytes += more;
  }
  return [...pieces, piece];
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
