// The commands that a command runs on behalf of its caller: what stands behind `sudo`, in `bash -c`, after `-exec`.
// It errs on the side of finding too many: what it finds is only ever used to refuse.
import { commandStarts, optionValues, wrapperShape } from "./commandStart";
import { programName } from "./programName";
import { COMMAND_OPTIONS, EACH_OPERAND, INTERPRETERS, JOINED_OPERANDS, MANAGEMENT_WORDS, SHELL_SHAPE, SHELLS, SUBCOMMAND_WRAPPERS, WRAPPERS } from "./wrapperTable";

export type InnerCommand =
  /** The words of a command. */
  | { readonly kind: "words"; readonly words: readonly string[] }
  /** The text of a shell command line. */
  | { readonly kind: "source"; readonly text: string };

type Argv = readonly string[];

const source = (text: string): InnerCommand => ({ kind: "source", text });

export function innerCommands(argv: Argv): readonly InnerCommand[] {
  const name = programName(argv[0] ?? "");
  const starts = wrappedStarts(name, argv);
  const wrapped: readonly InnerCommand[] = starts.map((at) => ({ kind: "words", words: argv.slice(at) }));
  const options = COMMAND_OPTIONS.get(name) ?? [];
  const valued = optionValues(argv.slice(1), options).map((value) => source(value.replace(/^(?:exec|proxycommand|localcommand|shell)[ =]|^:?!/i, "")));
  return [...wrapped, ...valued, ...ofShells(name, argv), ...ofInterpreters(name, argv), ...joined(name, argv), ...special(name, argv)];
}

/** Options with which an interpreter needs no program: it tells about itself, or looks for one. */
const NEEDS_NO_PROGRAM = /^(?:-[Vvh]|--(?:version|help|test|run)(?:=.*)?|-m.+)$/;

/** A shell or interpreter that is given no program, and so takes it from its standard input. */
export function readsItsProgram(argv: Argv): boolean {
  const name = programName(argv[0] ?? "");
  const rest = argv.slice(1);
  if (rest.some((word) => ["-", "-s", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"].includes(word))) return isInterpreter(name);
  return isInterpreter(name) && rest.every((word) => word.startsWith("-")) && !rest.some((word) => NEEDS_NO_PROGRAM.test(word));
}

/** A program whose arguments or program come from its standard input. */
export function obeysItsInput(argv: Argv): boolean {
  return readsItsProgram(argv) || ["xargs", "parallel", "at", "batch"].includes(programName(argv[0] ?? ""));
}

function isInterpreter(name: string): boolean {
  return SHELLS.has(name) || INTERPRETERS.has(name);
}

function wrappedStarts(name: string, argv: Argv): readonly number[] {
  if (name === "command" && /^-p*[vV]/.test(argv[1] ?? "")) return [];
  const shape = WRAPPERS.get(name);
  const own = shape === undefined ? [] : commandStarts(argv, 1, shape);
  const words = SUBCOMMAND_WRAPPERS.get(name);
  if (words === undefined) return own;
  const found = argv.findIndex((word, at) => at > 0 && words.has(word) && argv.slice(1, at).every((before) => before.startsWith("-") || MANAGEMENT_WORDS.has(before)));
  // An option of the program itself may have a value before the subcommand.
  const at = found === -1 ? argv.findIndex((word, index) => index > 0 && index < 6 && words.has(word)) : found;
  const subShape = words.get(argv[at] ?? "");
  if (at === -1 || subShape === undefined) return own;
  const dashes = argv.indexOf("--", at);
  return [...own, ...commandStarts(argv, at + 1, subShape), ...(dashes === -1 || dashes + 1 >= argv.length ? [] : [dashes + 1])];
}

function ofShells(name: string, argv: Argv): readonly InnerCommand[] {
  if (!SHELLS.has(name)) return [];
  const takesText = argv.some((word, at) => at > 0 && (/^-[A-Za-z]*c[A-Za-z]*$/.test(word) || word === "--command"));
  return commandStarts(argv, 1, SHELL_SHAPE).flatMap((at): readonly InnerCommand[] => {
    if (!takesText) return [{ kind: "words", words: argv.slice(at) }];
    const text = argv[at] ?? "";
    // The words behind the text are its $0, $1 …; it may run them.
    const runsItsArguments = /\$\{?[@*\d]/.test(text);
    return [source(text), ...(runsItsArguments ? [1, 2].map((by): InnerCommand => ({ kind: "words", words: argv.slice(at + by) })) : [])];
  });
}

/** A script is a program of its own; in a program text, what is quoted may be a command where it can run one. */
function ofInterpreters(name: string, argv: Argv): readonly InnerCommand[] {
  const options = INTERPRETERS.get(name);
  if (options === undefined) return [];
  const texts = optionValues(argv.slice(1), options);
  const module = argv.findIndex((word) => word === "-m" || word === "--module");
  const script = argv.findIndex((word, at) => at > 0 && !word.startsWith("-"));
  const start = name.startsWith("py") && module > 0 ? module + 1 : texts.length > 0 ? -1 : script;
  const run: readonly InnerCommand[] = start <= 0 || start >= argv.length ? [] : [{ kind: "words", words: argv.slice(start) }];
  return [...run, ...texts.flatMap(quotedCommands)];
}

const RUNS_PROGRAMS = /system|exec|spawn|popen|subprocess|run\b|call\b|fork|shell|qx|`|\|/i;

/** The texts in quotes of a program that can run others, each one and all in a row. */
function quotedCommands(program: string): readonly InnerCommand[] {
  if (!RUNS_PROGRAMS.test(program)) return [];
  const quoted = [...program.matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`|qx?[{(]([^})]*)[})]/gs)];
  const texts = quoted.map((found) => found.slice(1).find((text) => text !== undefined) ?? "").slice(0, 32);
  const rows: readonly InnerCommand[] = texts.map((_, at) => ({ kind: "words", words: texts.slice(at) }));
  return [...texts.map(source), ...rows];
}

function joined(name: string, argv: Argv): readonly InnerCommand[] {
  const shape = JOINED_OPERANDS.get(name);
  if (shape !== undefined) {
    const end = name === "parallel" ? argv.findIndex((word) => word.startsWith(":::")) : -1;
    return commandStarts(argv, 1, shape).map((at) => source(argv.slice(at, end === -1 ? undefined : end).join(" ")));
  }
  if (!EACH_OPERAND.has(name)) return [];
  return argv.slice(1).filter((word) => !word.startsWith("-")).map(source);
}

function special(name: string, argv: Argv): readonly InnerCommand[] {
  switch (name) {
    case "find":
    case "gfind":
      return execs(argv, ["-exec", "-execdir", "-ok", "-okdir"]);
    case "fd":
    case "fdfind":
      return execs(argv, ["-x", "-X", "--exec", "--exec-batch"]);
    case "env": {
      const split = argv.findIndex((word) => /^-[a-zA-Z0]*S|^--split-string/.test(word));
      return split === -1 ? [] : [source(argv.slice(split).join(" ").replace(/^(?:-[a-zA-Z0]*?S|--split-string=?)/, ""))];
    }
    case "git":
      return ofGit(argv);
    case "alias":
      return argv.slice(1).map((word) => source(word.slice(word.indexOf("=") + 1)));
    case "source":
    case ".":
      return argv.length > 1 ? [{ kind: "words", words: argv.slice(1) }] : [];
    case "awk":
    case "gawk":
    case "mawk":
    case "nawk":
      return argv.slice(1).flatMap(quotedCommands);
    case "sed":
    case "gsed":
      return argv.slice(1).flatMap((word) => [...word.matchAll(/(?:^|[;{}\d$/!]\s*)e\s+([^\n]+)/g)].map((found) => source(found[1] ?? "")));
    case "make":
      return argv.slice(1).filter((word) => /^\w+=/.test(word)).map((word) => source(word.slice(word.indexOf("=") + 1)));
    default:
      return [];
  }
}

/** `-exec COMMAND … ;` and `-exec COMMAND … +`. */
function execs(argv: Argv, names: readonly string[]): readonly InnerCommand[] {
  return argv.flatMap((word, at) => {
    if (!names.includes(word)) return [];
    const rest = argv.slice(at + 1);
    const end = rest.findIndex((part) => part === ";" || part === "+");
    return [{ kind: "words" as const, words: end === -1 ? rest : rest.slice(0, end) }];
  });
}

const FOREACH = wrapperShape("--recursive --quiet -q");

function ofGit(argv: Argv): readonly InnerCommand[] {
  const settings = optionValues(argv.slice(1), ["-c", "--config"]).map((setting) => setting.slice(setting.indexOf("=") + 1));
  const each = argv.findIndex((word) => word === "foreach" || word === "run");
  const loops = each > 1 ? commandStarts(argv, each + 1, FOREACH).map((at) => source(argv.slice(at).join(" "))) : [];
  const short = argv.some((word) => ["clone", "fetch", "ls-remote"].includes(word)) ? ["-u"] : argv.some((word) => ["rebase", "difftool"].includes(word)) ? ["-x"] : [];
  const called = optionValues(argv.slice(1), short).map(source);
  // An alias is a shell command line behind `!`, else the rest of a git command line.
  return [...loops, ...called, ...settings.flatMap((value) => [source(value.replace(/^!/, "")), source(`git ${value}`)])];
}
