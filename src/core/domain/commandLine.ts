// Reads a command line just far enough to say whether it needs a shell. It never interprets what a shell would:
// whatever is not plain words and simple quotes is left to the shell, whole.

/**
 * Words that only a shell understands, or that a shell's own version understands differently (`echo`, `printf`).
 * Source: POSIX.1-2017, XCU 2.4 (reserved words), 2.14 and "utilities that are built in".
 */
const SHELL_WORDS = new Set(
  (
    ". : [[ { } ! alias bg break builtin caller case cd command compgen complete continue coproc declare dirs disown do " +
    "done echo elif else enable esac eval exec exit export fc fg fi for function getopts hash help history if in jobs " +
    "let local logout mapfile popd printf pushd read readarray readonly return select set shift shopt source suspend " +
    "then time times trap type typeset ulimit umask unalias unset until wait while"
  ).split(" "),
);

/** Characters that mean themselves outside quotes, wherever they stand in a word. */
const PLAIN = /[\w@%+=:,./\-\u0080-\uffff]/;
const ASSIGNMENT = /^[A-Za-z_]\w*\+?=/;

/**
 * The words of a command that needs no shell, or null when it needs one: operators, globs, variables, substitutions,
 * assignments, escapes, comments, a leading `~`, several lines, a shell's own command, or nothing at all.
 */
export function plainWords(command: string): readonly string[] | null {
  const words: string[] = [];
  let at = 0;
  while (at < command.length) {
    if (command[at] === " " || command[at] === "\t") {
      at += 1;
      continue;
    }
    const word = readWord(command, at);
    if (word === null) return null;
    words.push(word.text);
    at = word.end;
  }
  const program = words[0];
  if (program === undefined || program === "" || SHELL_WORDS.has(program) || ASSIGNMENT.test(program)) return null;
  return words;
}

/** One word from `start` on; null when it holds something that only a shell can read. */
function readWord(command: string, start: number): { readonly text: string; readonly end: number } | null {
  let text = "";
  let at = start;
  while (at < command.length) {
    const char = command.charAt(at);
    if (char === " " || char === "\t") break;
    if (char === "'" || char === '"') {
      const close = command.indexOf(char, at + 1);
      if (close === -1) return null;
      const quoted = command.slice(at + 1, close);
      if (quoted.includes("\0") || (char === '"' && /[$`\\]/.test(quoted))) return null;
      text += quoted;
      at = close + 1;
      continue;
    }
    if (!PLAIN.test(char)) return null;
    text += char;
    at += 1;
  }
  return { text, end: at };
}
