// Any character of Unicode, for property tests: fast-check's own unit "binary" is the same, but takes a second and 100 MB
// for a table of all of them, in every process that makes one string of it.
import fc from "fast-check";

const FIRST_SURROGATE = 0xd800;
const SURROGATES = 0x800;
const LAST = 0x10ffff;

/** One code point, halves of surrogate pairs left out: the `unit` of an `fc.string`. Shrinks towards NUL. */
export const ANY_CHARACTER: fc.Arbitrary<string> = fc.nat({ max: LAST - SURROGATES }).map(
  (at) => String.fromCodePoint(at < FIRST_SURROGATE ? at : at + SURROGATES),
  (value) => {
    const point = typeof value === "string" && /^\P{Surrogate}$/u.test(value) ? (value.codePointAt(0) ?? 0) : null;
    if (point === null) throw new Error("not a character");
    return point < FIRST_SURROGATE ? point : point - SURROGATES;
  },
);
