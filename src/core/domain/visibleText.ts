// Characters that are not seen, or that change how others are seen, as something that is: texts of a repository can hide
// instructions in them, or show a person something else than what a machine reads. Pure.

/** Controls but for tab and line ends; direction marks, zero-width characters, tags, and selectors beyond the usual. */
const HIDDEN =
  // oxlint-disable-next-line no-control-regex -- showing them is the purpose
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e01ef}]|(?<=[\u0020-\u007e])[\u200c\u200d]|[\u200c\u200d](?=[\u0020-\u007e])/gu;
const SHOWN = /<U\+([0-9A-F]{4,5})>/g;

/** `<U+202E>` in place of each. White space that people type, and joiners between letters of other scripts, stay. */
export function visibleText(text: string): string {
  return text.replace(HIDDEN, shown);
}

/** A name on one line that opens no block: line ends, tabs and angle brackets are shown as well. */
export function visibleName(name: string): string {
  return name.replace(/[\t\n\r<>]/g, shown).replace(HIDDEN, shown);
}

/** Back to what `visibleText` made it from; for what a model quotes of a file. */
export function fromVisible(text: string): string {
  return text.replace(SHOWN, (mark, code: string) => {
    const character = String.fromCodePoint(Number.parseInt(code, 16));
    return visibleText(character) === mark || /[\u200c\u200d]/.test(character) ? character : mark;
  });
}

function shown(character: string): string {
  return `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}>`;
}
