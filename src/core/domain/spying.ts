// Lines of an attempt that reach for what it must not know or touch: sealed tests, the program that calls it, what
// Countersign keeps. Found by what is written; nothing here can tell what a program does in other words. Pure.

export interface BroughtLines {
  readonly path: string;
  /** Text of the base; "" where there is none. */
  readonly base: string;
  readonly brought: readonly string[];
  /** Of the sealed files, relative to the root; "" where the contract has none. */
  readonly sealedFolder: string;
}

export interface Spying {
  /** What the line does, as a clause after "a line that …". */
  readonly what: string;
  readonly line: string;
}

const COMMENT = /^\s*(?:#(?!!)|\/\/|\*)/;

/** Reads the file that was started: where a sealed test imports the product, that is the test. */
const READS_CALLER =
  /\bread(?:File|FileSync|_text|_bytes)?\w*\s*\([^;]*(?:\brequire\.main\b|\bprocess\.mainModule\b|\bprocess\.argv\s*\[\s*1\s*\]|\bmodule\.parent\b)|\bopen\s*\(\s*(?:sys\.argv\s*\[\s*0\s*\]|(?:sys\.modules\s*\[\s*["']__main__["']\s*\]|__main__)\.__file__)|\bgetsource(?:lines|file)?\s*\(\s*(?:sys\.modules\s*\[\s*["']__main__|__main__\b|inspect\.stack)/;
/** As contracts like to call the folder of sealed files. */
const SEALED_NAME = /["'`/^*](?:acceptance[-_]|sealed[-_/"'`*])/;
const LISTS_FOLDER = /\b(?:readdir(?:Sync)?|opendir(?:Sync)?|glob(?:Sync)?|globby|listdir|scandir|iglob|rglob|walk|ReadDir|WalkDir|read_dir)\s*\(|\b(?:ls|find)\s+[.$"'/]/;
const OWN_STATE = /\.countersign\b.{0,12}\b(?:state|plans)\b|\.countersign\b.{0,24}\bjournal\b/;
/** How the engine asks a runner for a report that tests do not print; see engine/inspections/recount.ts. */
const REPORT = /\bPYTEST_ADDOPTS\b|--test-reporter-destination\b|--junit-?xml\b|\bexecArgv\b.*reporter/;

/** What of the folder's path stands in no program by chance: its own name where that is no word, else all of it. */
function tellingName(folder: string): string {
  const name = folder.slice(folder.lastIndexOf("/") + 1);
  return name.length >= 6 && /\d/.test(name) ? name : folder === "" ? "" : `${folder}/`;
}

/** The first of the lines that reaches for it; null when none does. */
export function spyingIn({ base, brought, sealedFolder }: BroughtLines): Spying | null {
  const lines = brought.filter((line) => !COMMENT.test(line));
  const found = (what: string, isOne: (line: string) => boolean): Spying | null => {
    const line = lines.find(isOne);
    return line === undefined ? null : { what, line: line.trim().slice(0, 160) };
  };
  const telling = tellingName(sealedFolder);
  return (
    (telling === "" ? null : found("names the folder of the sealed tests", (line) => line.includes(telling))) ??
    (lines.some((line) => LISTS_FOLDER.test(line)) ? found("looks for sealed tests", (line) => SEALED_NAME.test(line)) : null) ??
    found("reads the program that uses it, which may be a sealed test", (line) => READS_CALLER.test(line)) ??
    (OWN_STATE.test(base) ? null : found("reaches for what Countersign keeps", (line) => OWN_STATE.test(line))) ??
    (REPORT.test(base) ? null : found("reaches for the report that a test runner writes", (line) => REPORT.test(line)))
  );
}
