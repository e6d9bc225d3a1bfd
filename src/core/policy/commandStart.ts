// Where, behind a wrapper's own options and operands, the command begins that it runs.

/** How a program that runs another one is called: `sudo [options] COMMAND`, `timeout [options] 5 COMMAND`. */
export interface WrapperShape {
  /** Short options with a value, as letters; short options without one; long options with a value. */
  readonly values: string;
  readonly flags: string;
  readonly longValues: readonly string[];
  /** Long options that are known to have no value. */
  readonly longFlags: readonly string[];
  /** Operands before the command. */
  readonly operands: number;
  /** `NAME=value` may stand before the command. */
  readonly assignments: boolean;
}

/** From a line such as `-u: -E --user= --login 1 NAME=`. */
export function wrapperShape(text: string): WrapperShape {
  const words = text.split(" ").filter((word) => word !== "");
  const short = words.filter((word) => /^-[^-]/.test(word));
  const long = words.filter((word) => word.startsWith("--")).map((word) => word.slice(2));
  return {
    values: short.filter((word) => word.endsWith(":")).map((word) => word.slice(1, -1)).join(""),
    flags: short.filter((word) => !word.endsWith(":")).map((word) => word.slice(1)).join(""),
    longValues: long.filter((word) => word.endsWith("=")).map((word) => word.slice(0, -1)),
    longFlags: long.filter((word) => !word.endsWith("=")),
    operands: Number(words.find((word) => /^\d$/.test(word)) ?? 0),
    assignments: words.includes("NAME="),
  };
}

/** Nobody writes that many options that are not known; more places are not looked for. */
const MOST_STARTS = 32;

/**
 * Every place from `from` on where the command may begin. There are several where an option is not known: it may have
 * a value or not, and what is denied must be found in either case.
 */
export function commandStarts(argv: readonly string[], from: number, shape: WrapperShape): readonly number[] {
  const starts = new Set<number>();
  const seen = new Set<string>();
  const open: (readonly [at: number, operands: number, options: boolean])[] = [[from, shape.operands, true]];
  for (let next = open.pop(); next !== undefined && starts.size < MOST_STARTS; next = open.pop()) {
    const [at, operands, options] = next;
    const word = argv[at];
    const key = next.join(" ");
    if (word === undefined || seen.has(key)) continue;
    seen.add(key);
    if (options && word === "--") open.push([at + 1, operands, false]);
    else if (options && /^-./s.test(word)) for (const width of optionWidths(word, shape)) open.push([at + width, operands, options]);
    else if (shape.assignments && /^[A-Za-z_]\w*=/.test(word)) open.push([at + 1, operands, options]);
    else if (operands > 0) open.push([at + 1, operands - 1, options]);
    else starts.add(at);
  }
  return [...starts];
}

/** How many words an option may take, itself included. */
function optionWidths(word: string, shape: WrapperShape): readonly number[] {
  if (word.startsWith("--")) {
    const name = word.slice(2);
    if (name.includes("=") || shape.longFlags.includes(name)) return [1];
    return shape.longValues.includes(name) ? [2] : [1, 2];
  }
  for (let at = 1; at < word.length; at += 1) {
    const letter = word.charAt(at);
    if (shape.values.includes(letter)) return [at === word.length - 1 ? 2 : 1];
    if (!shape.flags.includes(letter)) return [1, 2];
  }
  return [1];
}

/** The values of the named options, wherever they stand: `-c x`, `-cx`, `-qc x`, `--call x`, `--call=x`. */
export function optionValues(argv: readonly string[], names: readonly string[]): readonly string[] {
  return argv.flatMap((word, at) => {
    const name = names.find((known) => (known.startsWith("--") ? word === known || word.startsWith(`${known}=`) : word.startsWith(known)));
    const isLastOfCluster = /^-[a-zA-Z0-9]{2,}$/.test(word) && names.includes(`-${word.at(-1)}`);
    if (name === undefined && !isLastOfCluster) return [];
    if (word === name || name === undefined) return argv[at + 1] === undefined ? [] : [argv[at + 1] ?? ""];
    return [word.slice(name.length).replace(/^=/, "")];
  });
}
