// Lines that make tests pass whatever the code does: an end with 0, hooks that rewrite results, disarmed assertions, a
// program put before the real one. Looks at lines that an attempt brought. Pure.

/** Where a line stands: what is usual in a program is not in a test or in what runs it. */
export type LinePlace = "tests" | "source";

interface Sign {
  readonly files: RegExp;
  readonly places: readonly LinePlace[];
  readonly line: RegExp;
  /** Whether texts between quotation marks count. */
  readonly raw: boolean;
}

const JS = /\.[cm]?[jt]sx?$/;
const PY = /\.py$/;
const SHELL = /(?:\.(?:sh|bash|zsh|ksh|mk|ya?ml)|(?:^|\/)(?:GNUm|M|m)akefile|(?:^|\/)[^./]+)$/;
const ANY = /./;

const SIGNS: readonly Sign[] = [
  { files: JS, places: ["tests"], raw: false, line: /\bprocess\s*\.\s*(?:exit|reallyExit)\s*\(\s*0?\s*\)|\bprocess\s*\.\s*exitCode\s*=\s*0\b/ },
  { files: JS, places: ["tests"], raw: true, line: /\bprocess\s*\[\s*["'`](?:exit|reallyExit|exitCode)\b/ },
  { files: JS, places: ["tests"], raw: false, line: /\b(?:describe|context|suite|it|specify|test)(?:\s*\.\s*\w+)*\s*\.\s*only\b|(?<![.\w]|function )(?:fdescribe|fit)\s*\(|[{,]\s*only:\s*true\b/ },
  { files: JS, places: ["tests"], raw: false, line: /\bregisterHooks\s*\(|\bmodule\s*\.\s*register\s*\(/ },
  { files: PY, places: ["tests"], raw: false, line: /\b(?:sys\.exit|os\._exit)\s*\(\s*0?\s*\)|\bSystemExit\s*\(\s*0?\s*\)|\bpytest\.exit\s*\(|\bexitstatus\s*=\s*(?:0|ExitCode\.OK)/ },
  { files: PY, places: ["tests"], raw: true, line: /\bdef\s+pytest_(?:sessionfinish|runtest_makereport|runtest_protocol|pyfunc_call|collection_modifyitems|ignore_collect|unconfigure|report_teststatus)\b|\.outcome\s*=\s*["']passed["']|\bcollect_ignore(?:_glob)?\s*=/ },
  { files: SHELL, places: ["tests"], raw: false, line: /^\s*exit(?:\s+0)?\s*$|(?:\|\||;)\s*(?:true|:|exit(?:\s+0)?)\s*$|^\s*set\s+\+e\b/ },
  { files: SHELL, places: ["tests"], raw: true, line: /(?:^|\s)(?:export\s+)?PATH=/ },
  { files: /\.go$/, places: ["tests"], raw: false, line: /\bos\.Exit\(\s*0\s*\)/ },
  { files: /\.rs$/, places: ["tests"], raw: false, line: /\bprocess::exit\(\s*0\s*\)/ },
  { files: /(?:^|\/)\.npmrc$/, places: ["tests"], raw: true, line: /^\s*(?:node-options|script-shell|shell|ignore-scripts)\s*=/ },
  { files: JS, places: ["tests", "source"], raw: true, line: /\brequire\(\s*["'](?:node:)?(?:assert(?:\/strict)?|test|chai|mocha|vitest|@jest\/[\w-]+)["']\s*\)(?:\s*\.\s*\w+)+\s*=(?!=)/ },
  { files: JS, places: ["tests", "source"], raw: false, line: /(?:^|[;{\s])(?:assert|expect|nodeTest)\s*\.\s*\w+\s*=(?![=>])/ },
  { files: JS, places: ["tests", "source"], raw: true, line: /\b(?:Module|require\(\s*["'](?:node:)?module["']\s*\))\s*\.\s*(?:_load|_resolveFilename|_findPath|_compile|prototype\s*\.\s*\w+)\s*=(?!=)|\brequire\s*\.\s*cache\s*\[.*\]\s*(?:\.\s*exports\s*)?=(?!=)/ },
  { files: JS, places: ["tests", "source"], raw: false, line: /\bprocess\s*\.\s*(?:exit|reallyExit|emit)\s*=(?![=>])/ },
  { files: JS, places: ["source"], raw: true, line: /\b(?:fs|require\(\s*["'](?:node:)?(?:fs|child_process|path)["']\s*\))\s*\.\s*(?:readFile|readFileSync|existsSync|statSync|spawnSync|execFileSync)\s*=(?![=>])/ },
  { files: PY, places: ["tests", "source"], raw: true, line: /\bsys\.modules\s*\[\s*["'](?:unittest|pytest|_pytest|math|json|subprocess|decimal|statistics)\b.*\]\s*=(?!=)/ },
  { files: PY, places: ["tests", "source"], raw: false, line: /\b(?:unittest|pytest)(?:\.\w+)+\s*=(?!=)/ },
  { files: ANY, places: ["source"], raw: true, line: /\b(?:NODE_TEST_CONTEXT|PYTEST_CURRENT_TEST|JEST_WORKER_ID|VITEST_(?:POOL|WORKER)_ID)\b/ },
];

/** The first of the lines that forces a pass; null when none does. */
export function forcingLine(path: string, place: LinePlace, lines: readonly string[]): string | null {
  const signs = SIGNS.filter((sign) => sign.places.includes(place) && sign.files.test(path));
  const isSign = (line: string): boolean => signs.some(({ raw, line: pattern }) => pattern.test(raw ? line : withoutTexts(line)));
  return lines.find((line) => !/^\s*(?:#|\/\/|\*)/.test(line) && isSign(line))?.trim().slice(0, 160) ?? null;
}

/** Lines that are in the one text and not in the other. */
export function linesBrought(base: string, attempt: string): readonly string[] {
  const known = new Set(base.split(/\r?\n/));
  return attempt.split(/\r?\n/).filter((line) => !known.has(line));
}

function withoutTexts(line: string): string {
  return line.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`/g, '""');
}
