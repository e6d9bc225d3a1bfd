// What a last ` *` of an entry does not stand for: arguments that make a program write, load or run something else.
import { commandStarts, wrapperShape } from "./commandStart";
import { innerCommands } from "./innerCommands";
import { programName } from "./programName";
import { INTERPRETERS } from "./wrapperTable";

/** Long options whose names say it, for any program; beginnings of at least three letters count, too. */
const NAMES = (
  "config require import loader experimental-loader plugin plugins rulesdir exec execute eval command cmd shell script-shell output output-file output-dir outdir " +
  "out-dir outfile out init-file rcfile init-script rsh rsync-path use-compress-program to-command checkpoint-action info-script upload-pack receive-pack ext-diff " +
  "extcmd open-files-in-pager pager editor preload node-options exec-path git-dir work-tree template prefix pre hostname-bin wrapper toolexec post-file " +
  "upload-file use-askpass manifest-path userconfig globalconfig remote-name dump-header cookie-jar trace trace-ascii libcurl stderr create-dirs fix write " +
  "log-file makefile file directory compress-program in-place target-directory"
).split(" ");

/** Short options and words that do, by program; letters count in clusters. */
const SHORT: ReadonlyMap<string, { readonly letters: string; readonly words?: RegExp }> = new Map(
  Object.entries({
    git: { letters: "cCxO", words: /^(?:foreach|run|ext::.*|--no-verify)$/ },
    curl: { letters: "oOJTKDcF", words: /^@|=[@<]|^file:/i },
    wget: { letters: "OoaePi" },
    make: { letters: "fCIE" },
    go: { letters: "oC", words: /^-{1,2}(?:exec|toolexec|overlay|modfile|vettool)\b/ },
    gcc: { letters: "oB", words: /^-(?:wrapper|fplugin|specs)/ },
    "g++": { letters: "oB", words: /^-(?:wrapper|fplugin|specs)/ },
    clang: { letters: "oB", words: /^-(?:fplugin|Xclang)/ },
    cargo: { letters: "CZ" },
    node: { letters: "repi" },
    deno: { letters: "", words: /^eval$/ },
    npm: { letters: "Cg" },
    pnpm: { letters: "Cg" },
    dd: { letters: "", words: /^of=/ },
    tar: { letters: "IFC" },
    rsync: { letters: "e" },
    ssh: { letters: "oFEwDLRW" },
    scp: { letters: "oFS" },
    docker: { letters: "v", words: /^--(?:privileged|volume|mount|pid|network|cap-add|device|security-opt)/ },
    psql: { letters: "cofL" },
    sqlite3: { letters: "", words: /^\./ },
    zip: { letters: "T" },
    mocha: { letters: "r" },
    jest: { letters: "c" },
    eslint: { letters: "co" },
    tsc: { letters: "bp" },
    pytest: { letters: "cpo" },
    gradle: { letters: "bIpc" },
    mvn: { letters: "fslgt" },
  }),
);

/**
 * Why the arguments behind the first `named` words are more than ` *` covers, or null. `argv` holds the literal words
 * of the whole command.
 */
export function hazardIn(argv: readonly string[], named: number): string | null {
  const rest = argv.slice(named);
  const name = programName(argv[0] ?? "");
  for (const inner of innerCommands(argv)) {
    const isNamed = inner.kind === "words" && argv.length - inner.words.length < named;
    if (!isNamed) return `runs another command (${inner.kind === "words" ? inner.words[0] ?? "" : inner.text})`;
  }
  const option = rest.find((word) => isHazard(word, name)) ?? (wraps(argv, named) ? rest[0] : undefined);
  return option === undefined ? null : `is given ${option}, which can write, load or run something`;
}

function isHazard(word: string, program: string): boolean {
  if (/^--./.test(word)) {
    const given = word.slice(2).split("=")[0] ?? "";
    if (given.length >= 3 && NAMES.some((name) => name.startsWith(given))) return true;
  }
  if ((INTERPRETERS.get(program) ?? []).some((option) => word === option || (option.startsWith("--") && word.startsWith(`${option}=`)))) return true;
  const more = SHORT.get(program);
  if (more?.words?.test(word) === true) return true;
  return more !== undefined && /^-[^-]/.test(word) && Array.from(more.letters).some((letter) => word.includes(letter, 1));
}

/** For a script of an entry such as `npx eslint *`, the program that counts is the one behind the wrapper. */
function wraps(argv: readonly string[], named: number): boolean {
  const [start] = commandStarts(argv, 1, wrapperShape(""));
  if (start === undefined || start >= named || innerCommands(argv).length === 0) return false;
  const inner = programName(argv[start] ?? "");
  return argv.slice(named).some((word) => isHazard(word, inner));
}

/** Commands of the shell that change what later commands mean. */
const CHANGES_SHELL = new Set(
  (
    ". source eval exec export unset set shopt alias unalias declare typeset local readonly trap read readarray mapfile getopts let enable hash builtin pushd " +
    "popd bind complete exit return"
  ).split(" "),
);

export function changesShell(program: string): boolean {
  return CHANGES_SHELL.has(program);
}
