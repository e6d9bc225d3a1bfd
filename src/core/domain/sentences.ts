// Cuts prose into sentences, without cutting names of files, numbers and code in two. Pure.

/** Lines, list items and sentences, trimmed, none of them empty. */
export function sentencesOf(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .filter((line) => !line.startsWith("```"))
    .flatMap((line) => line.replace(/^\s*(?:[-*+]|\d+[.)])\s+/, "").split(/(?<=[.!?;])\s+(?=[A-Z`"“(])/))
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== "");
}
