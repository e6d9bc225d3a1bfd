// Readers whose arguments follow rules of their own: the shell's own commands, dates, archives.
import { optionTable } from "./optionTable";
import { guarded, guardedArguments, reader, type Reader } from "./reader";
import { shortened } from "./shellReading";
import { literalWord, type ShellWord } from "./shellWord";

/** An operand that is no format sets the clock. */
export const dateReader: Reader = reader(
  guarded("-uRjn -d: -r: -I? -v: --date= --reference= --utc --universal --rfc-2822 --rfc-email --rfc-3339= --iso-8601? --debug --resolution", ({ operands }) => {
    const other = operands.find((word) => !word.lead.startsWith("+"));
    return other === undefined ? null : `may set the clock by ${shortened(other.source)}`;
  }),
  { namesOnly: true },
);

/** `-v` assigns to a variable of the shell. */
export const printfReader: Reader = reader(
  ([format]) => {
    if (format === undefined || (format.exact ? format.value === "--" || !format.value.startsWith("-") : /^[^-]/.test(format.lead) && format.single)) return null;
    return `may set a variable by ${shortened(format.source)}`;
  },
  { namesOnly: true },
);

const UNARY_TESTS = new Set("-b -c -d -e -f -g -h -k -L -n -N -O -G -p -r -s -S -t -u -w -x -z".split(" "));
const BINARY_TESTS = new Set("= == != -eq -ne -lt -le -gt -ge -nt -ot -ef < >".split(" "));
const CONNECTIVES = new Set(["!", "-a", "-o", "(", ")", "]"]);

/** `-v` and `-R` evaluate what they are given, so that unknown words may only stand where they are operands. */
export const testReader: Reader = reader(
  (args) => {
    for (let rest = args; rest.length > 0; ) {
      const width = testWidth(rest);
      const taken = rest.slice(0, width);
      const vague = taken.find((one) => (width === 1 ? !one.exact : !one.single));
      if (vague !== undefined) return `may be given an operator by ${shortened(vague.source)}`;
      const [alone = ""] = width === 1 ? taken.map((one) => one.value) : [];
      if (alone.startsWith("-") && !CONNECTIVES.has(alone)) return `is given ${shortened(alone)}, which can run commands`;
      rest = rest.slice(width);
    }
    return null;
  },
  { namesOnly: true },
);

/** How many words make the first condition: `a = b`, `-f a`, or one. */
function testWidth([first, second, third]: readonly ShellWord[]): 1 | 2 | 3 {
  if (second === undefined) return 1;
  if (third !== undefined && second.exact && BINARY_TESTS.has(second.value)) return 3;
  return first?.exact === true && UNARY_TESTS.has(first.value) ? 2 : 1;
}

/** Only into a folder below, so that what follows stays in the worktree. */
export const cdReader: Reader = reader(
  (args) => {
    const [folder, ...others] = args[0]?.value === "--" ? args.slice(1) : args;
    if (folder === undefined || others.length > 0 || !folder.exact) return "goes to a folder that is not named";
    const isBelow = /^[^/\\~-]/.test(folder.value) && !folder.value.split(/[/\\]/).includes("..");
    return isBelow ? null : `leaves this folder for ${shortened(folder.source)}`;
  },
  { namesOnly: true },
);

/** `command -v NAME` tells where a program is. */
export const commandReader: Reader = reader(
  ([option, ...names]) => (option?.exact === true && /^-[vV]$/.test(option.value) && names.every((word) => word.exact) ? null : "runs another program"),
  { namesOnly: true },
);

const TAR = optionTable("-tvzjJaO -f: -C: --list --file= --verbose --gzip --bzip2 --xz --zstd --auto-compress --exclude= --strip-components= --wildcards --full-time --numeric-owner --directory=");
const UNZIP = optionTable("-lvtqZ12pCT");

function tarCheck(args: readonly ShellWord[]): string | null {
  const [first, ...rest] = args;
  if (first === undefined) return "is not asked to list";
  // The old way of writing options: `tar tf x`.
  const old = first.exact && /^[a-zA-Z]+$/.test(first.value);
  return guardedArguments(old ? [literalWord(`-${first.value}`), ...rest] : args, TAR, ({ options }) => {
    const remote = options.find(({ name, value }) => ["-f", "--file"].includes(name) && (value === null || value.includes(":")));
    if (remote !== undefined) return "may fetch the archive from another machine";
    return options.some(({ name }) => name === "-t" || name === "--list") ? null : "is not asked to list";
  });
}

function unzipCheck(args: readonly ShellWord[]): string | null {
  return guardedArguments(args, UNZIP, ({ options }) => (options.some(({ name }) => /^-[lvtZp]$/.test(name)) ? null : "is not asked to list"));
}

/** An entry may name a form that unpacks; then there is nothing to know about reading. */
const listing = (check: Reader["check"]): Reader => reader(check, { concerns: (words) => words.length === 1 || check(words.slice(1).map(literalWord)) === null });

export const archiveReaders: readonly (readonly [string, Reader])[] = [
  ["tar", listing(tarCheck)],
  ["unzip", listing(unzipCheck)],
];
