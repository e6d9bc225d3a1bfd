// `find`: every word of its expression must be one that only looks.
import { reader, type Reader } from "./reader";
import { shortened } from "./shellReading";
import type { ShellWord } from "./shellWord";
import { wildcardsMatch } from "./wildcards";

const ALONE = new Set(
  ("-H -L -P -E -O0 -O1 -O2 -O3 -depth -d -mount -xdev -x -noleaf -ignore_readdir_race -noignore_readdir_race -daystart -warn -nowarn -follow -empty -executable " +
    "-readable -writable -nouser -nogroup -true -false -print -print0 -ls -prune -quit -not -a -and -o -or ( ) ! , -help --help -version --version").split(" "),
);
const WITH_VALUE = new Set(
  ("-name -iname -path -ipath -wholename -iwholename -lname -ilname -regex -iregex -regextype -type -xtype -size -mtime -atime -ctime -mmin -amin -cmin -newer " +
    "-anewer -cnewer -perm -user -group -uid -gid -links -inum -samefile -maxdepth -mindepth -fstype -used -printf -flags -Bmin -Btime -Bnewer -since").split(" "),
);
const ACTS = ["-exec", "-execdir", "-ok", "-okdir", "-delete", "-fprint", "-fprint0", "-fprintf", "-fls"];

function check(args: readonly ShellWord[]): string | null {
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at];
    if (word === undefined) return null;
    if (!word.exact && !isHarmless(word)) return `may be told to act by ${shortened(word.source)}`;
    if (!word.exact || !word.value.startsWith("-") || word.value === "-") continue;
    if (ACTS.includes(word.value)) return saysOf(word.value);
    if (ALONE.has(word.value)) continue;
    if (!takesValue(word.value)) return `is given ${shortened(word.source)}, which is not known only to read`;
    const value = args[at + 1];
    if (value !== undefined && !value.single && !isHarmless(value)) return `may be told to act by ${shortened(value.source)}`;
    at += 1;
  }
  return null;
}

function takesValue(name: string): boolean {
  return WITH_VALUE.has(name) || /^-newer[aBcmt][aBcmt]$/.test(name);
}

function saysOf(action: string): string {
  if (action === "-delete") return "deletes what it finds";
  return action.startsWith("-f") ? "writes a file" : "runs a command for what it finds";
}

/** No file name that it may become is an action. */
function isHarmless(word: ShellWord): boolean {
  const { glob } = word;
  if (glob !== null) return !ACTS.some((action) => wildcardsMatch(glob, action));
  const stays = word.lead !== "" && !word.lead.startsWith("-");
  return stays && word.pieces.every((piece) => !("quoted" in piece) || piece.quoted);
}

export const findReader: Reader = reader(check, { namesOnly: true });
