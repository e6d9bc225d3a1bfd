// The programs that are known to read, with the options that keep them at it. Data; git, find, sed and awk stand apart.
import { awkReader } from "./awkReader";
import { findReader } from "./findReader";
import { gitReader } from "./gitReader";
import { atMostOperands, guarded, harmless, reader, type Reader } from "./reader";
import { sedReader } from "./sedReader";
import { archiveReaders, cdReader, commandReader, dateReader, printfReader, testReader } from "./shellReaders";

const SUMS = "-b -c -t -z -w -q -s -r -p -a: -l: --binary --check --text --tag --zero --ignore-missing --quiet --status --strict --warn --length= --algorithm=";
const GREP =
  "-GEFPivwxycLlqsbHhnoTuUZzaIrRpSJ -# -e: -f: -m: -A: -B: -C: -d: -D: --regexp= --file= --basic-regexp --extended-regexp --fixed-strings --perl-regexp " +
  "--ignore-case --no-ignore-case --invert-match --word-regexp --line-regexp --count --color? --colour? --files-without-match --files-with-matches --max-count= " +
  "--only-matching --quiet --silent --no-messages --byte-offset --with-filename --no-filename --label= --line-number --initial-tab --null --after-context= " +
  "--before-context= --context= --group-separator= --no-group-separator --text --binary-files= --devices= --directories= --exclude= --exclude-from= --exclude-dir= " +
  "--include= --include-dir= --recursive --dereference-recursive --line-buffered --binary --null-data --unix-byte-offsets";
const LS =
  "-aAbBcCdDfFgGhHiklLmnNopqQrRsStTuUvWxXyZ1@eO%, -I: -w: --all --almost-all --author --escape --block-size= --ignore-backups --color? --colour? --directory " +
  "--dired --classify? --file-type --format= --full-time --group-directories-first --no-group --human-readable --si --dereference --dereference-command-line " +
  "--dereference-command-line-symlink-to-dir --hide= --hyperlink? --indicator-style= --inode --ignore= --kibibytes --numeric-uid-gid --literal " +
  "--hide-control-chars --show-control-chars --quote-name --quoting-style= --reverse --recursive --size --sort= --time= --time-style= --tabsize= --width= " +
  "--context --zero";

/** Programs none of whose options writes or runs anything. */
const HARMLESS: Readonly<Record<string, string>> = {
  cat: "-AbeEnstTuvl --show-all --number-nonblank --show-ends --number --squeeze-blank --show-tabs --show-nonprinting",
  head: "-qvz -# -n: -c: --bytes= --lines= --quiet --silent --verbose --zero-terminated",
  tail: "-fFqrvz -# -n: -c: -b: -s: --bytes= --lines= --follow? --retry --pid= --sleep-interval= --max-unchanged-stats= --quiet --silent --verbose --zero-terminated",
  wc: "-cmlLw --bytes --chars --lines --words --max-line-length --files0-from= --total= --libxo?",
  nl: "-p -b: -d: -f: -h: -i: -l: -n: -s: -v: -w: --body-numbering= --section-delimiter= --footer-numbering= --header-numbering= --line-increment= " +
    "--join-blank-lines= --number-format= --no-renumber --number-separator= --starting-line-number= --number-width=",
  tac: "-br -s: --before --regex --separator=",
  rev: "-0 --zero",
  cut: "-nsz -b: -c: -d: -f: -w --bytes= --characters= --delimiter= --fields= --complement --only-delimited --output-delimiter= --zero-terminated",
  tr: "-cCdstu --complement --delete --squeeze-repeats --truncate-set1",
  paste: "-sz -d: --delimiters= --serial --zero-terminated",
  join: "-iz -1: -2: -a: -e: -j: -o: -t: -v: --ignore-case --check-order --nocheck-order --header --zero-terminated",
  comm: "-123iz --check-order --nocheck-order --output-delimiter= --total --zero-terminated",
  cmp: "-bhlsxz -i: -n: --print-bytes --ignore-initial= --verbose --bytes= --quiet --silent",
  fold: "-bcs -w: --bytes --characters --spaces --width=",
  fmt: "-cstu -# -w: -p: -g: --crown-margin --prefix= --split-only --tagged-paragraph --uniform-spacing --width= --goal=",
  expand: "-i -t: --initial --tabs=",
  unexpand: "-a -t: --all --first-only --tabs=",
  column: "-tnxeLdRJ -s: -o: -c: -l: -N: -T: -H: -O: -W: -E: -r: -i: -p: -C: -n: --table --separator= --output-separator= --table-columns= --table-right= " +
    "--table-hide= --json --table-name= --output-width= --fillrows --keep-empty-lines",
  od: "-abcdDeFfhHiIlLoOsvxX -A: -j: -N: -S: -t: -w? --address-radix= --skip-bytes= --read-bytes= --strings? --format= --output-duplicates --width? --endian=",
  hexdump: "-bcCdovx -e: -f: -n: -s: --canonical --length= --skip= --no-squeezing",
  strings: "-afow -n: -t: -e: -# --all --print-file-name --bytes= --radix= --encoding=",
  grep: GREP,
  egrep: GREP,
  fgrep: GREP,
  jq: "-nrasjcCMSeRhV -f: -L: --null-input --raw-input --raw-output --raw-output0 --join-output --ascii-output --slurp --compact-output --color-output " +
    "--monochrome-output --sort-keys --tab --unbuffered --stream --stream-errors --seq --exit-status --indent= --from-file --arg= --argjson= --slurpfile= " +
    "--rawfile= --args --jsonargs --build-configuration",
  cksum: `${SUMS} --raw --base64 --debug`,
  md5: SUMS,
  md5sum: SUMS,
  sha1sum: SUMS,
  sha224sum: SUMS,
  sha256sum: SUMS,
  sha384sum: SUMS,
  sha512sum: SUMS,
  b2sum: SUMS,
  shasum: SUMS,
  sum: "-rs --sysv",
};

/** The same, and what they tell is not what stands in files. */
const NAMES_ONLY: Readonly<Record<string, string>> = {
  ls: LS,
  stat: "-LftxnqrslF -c: -f: -t: --dereference --file-system --cached= --format= --printf= --terse",
  du: "-0abcDhHkLlmPSsxrAgnN -B: -d: -t: -I: -X: --null --all --apparent-size --block-size= --bytes --total --dereference-args --max-depth= --files0-from= " +
    "--human-readable --inodes --count-links --dereference --no-dereference --separate-dirs --si --summarize --threshold= --time? --time-style= --exclude-from= " +
    "--exclude= --one-file-system",
  df: "-aBhHiklmPTvxYgn -t: -B: -x: --all --block-size= --human-readable --si --inodes --local --no-sync --sync --output? --portability --total --type= " +
    "--print-type --exclude-type=",
  realpath: "-eEmLPqsz --canonicalize-existing --canonicalize-missing --logical --physical --quiet --relative-to= --relative-base= --strip --no-symlinks --zero",
  readlink: "-femnqsvz --canonicalize --canonicalize-existing --canonicalize-missing --no-newline --quiet --silent --verbose --zero",
  basename: "-az -s: --multiple --suffix= --zero",
  dirname: "-z --zero",
  pwd: "-LP --logical --physical",
  which: "-asv --all --skip-alias --skip-functions --skip-dot --skip-tilde --tty-only",
  type: "-aftpP",
  whereis: "-bmslguf -B: -M: -S:",
  id: "-agGnrunzZpPAF --context --group --groups --name --real --user --zero",
  groups: "",
  whoami: "",
  logname: "",
  uname: "-asnrvmpioSKUX --all --kernel-name --nodename --kernel-release --kernel-version --machine --processor --hardware-platform --operating-system",
  arch: "",
  nproc: "--all --ignore=",
  tty: "-s",
  uptime: "-ps --pretty --since",
  free: "-bkmghlstvwL -c: -s: --bytes --kibi --mebi --gibi --kilo --mega --giga --human --si --lohi --line --total --wide --count= --seconds=",
  seq: "-w -f: -s: -t: -# --format= --separator= --equal-width",
  sleep: "",
  true: "",
  false: "",
  locale: "-amckvL",
};

/** Searching in packed files (-z) runs their unpackers. */
const RG =
  "-aFiIlLnNopPqsSuUvVwxcHh0. -A: -B: -C: -d: -e: -E: -f: -g: -j: -m: -M: -r: -t: -T: --after-context= --before-context= --context= --auto-hybrid-regex " +
  "--no-auto-hybrid-regex --binary --no-binary --block-buffered --no-block-buffered --byte-offset --case-sensitive --color= --colors= --column --no-column " +
  "--context-separator= --no-context-separator --count --count-matches --crlf --no-crlf --debug --dfa-size-limit= --encoding= --engine= --field-context-separator= " +
  "--field-match-separator= --file= --files --files-with-matches --files-without-match --fixed-strings --no-fixed-strings --follow --no-follow --glob= " +
  "--glob-case-insensitive --heading --no-heading --hidden --no-hidden --iglob= --ignore-case --ignore-file= --ignore-file-case-insensitive --include-zero " +
  "--invert-match --json --no-json --line-buffered --line-number --no-line-number --line-regexp --max-columns= --max-columns-preview --max-count= --max-depth= " +
  "--maxdepth= --max-filesize= --mmap --no-mmap --multiline --no-multiline --multiline-dotall --no-config --no-ignore --ignore --no-ignore-dot --no-ignore-exclude " +
  "--no-ignore-files --no-ignore-global --no-ignore-messages --no-ignore-parent --no-ignore-vcs --no-messages --messages --no-pcre2-unicode --no-require-git " +
  "--no-unicode --unicode --null --null-data --one-file-system --only-matching --passthru --passthrough --path-separator= --pcre2 --no-pcre2 --pcre2-version " +
  "--pretty --quiet --regex-size-limit= --regexp= --replace= --smart-case --sort= --sortr= --stats --no-stats --stop-on-nonmatch --text --no-text --threads= " +
  "--trace --trim --no-trim --type= --type-not= --type-add= --type-clear= --type-list --unrestricted --vimgrep --with-filename --no-filename --word-regexp " +
  "--no-pre --no-search-zip";
const FD =
  "-aFgHIiLpsu01q -E: -S: -c: -d: -e: -j: -t: --absolute-path --base-directory= --case-sensitive --changed-before= --changed-within= --color= --exact-depth= " +
  "--exclude= --extension= --fixed-strings --follow --full-path --glob --hidden --ignore-case --ignore-file= --max-depth= --max-results= --min-depth= --no-ignore " +
  "--no-ignore-parent --no-ignore-vcs --one-file-system --path-separator= --print0 --prune --quiet --regex --relative-path --search-path= --show-errors --size= " +
  "--threads= --type= --unrestricted --and= --format= --strip-cwd-prefix?";

/** Programs with some option that writes or runs something. */
const GUARDED: Readonly<Record<string, Reader["check"]>> = {
  sort: guarded("-bCcdfghiMmnRrsuVz -k: -S: -t: --ignore-leading-blanks --dictionary-order --ignore-case --general-numeric-sort --ignore-nonprinting --month-sort " +
    "--human-numeric-sort --numeric-sort --random-sort --random-source= --reverse --sort= --version-sort --batch-size= --check? --debug --files0-from= --key= " +
    "--merge --stable --buffer-size= --field-separator= --parallel= --unique --zero-terminated"),
  uniq: guarded("-cDdiuz -f: -s: -w: --count --repeated --all-repeated? --skip-fields= --group? --ignore-case --skip-chars= --unique --zero-terminated " +
    "--check-chars=", atMostOperands(1)),
  xxd: guarded("-abCEeipu -c: -g: -l: -n: -o: -s: -R: -d", atMostOperands(1)),
  shuf: guarded("-erz -i: -n: --echo --input-range= --head-count= --random-source= --repeat --zero-terminated"),
  diff: guarded("-abBcdeEfiNnpqrstTuvwyZ -# -C: -D: -F: -I: -L: -S: -U: -W: -x: -X: --normal --brief --report-identical-files --context? --unified? --ed --rcs " +
    "--side-by-side --width= --left-column --suppress-common-lines --show-c-function --show-function-line= --label= --expand-tabs --initial-tab --tabsize= " +
    "--suppress-blank-empty --recursive --no-dereference --new-file --unidirectional-new-file --ignore-file-name-case --no-ignore-file-name-case --exclude= " +
    "--exclude-from= --starting-file= --from-file= --to-file= --ignore-case --ignore-tab-expansion --ignore-trailing-space --ignore-space-change " +
    "--ignore-all-space --ignore-blank-lines --ignore-matching-lines= --text --strip-trailing-cr --ifdef= --minimal --horizon-lines= --speed-large-files --color? " +
    "--palette="),
  file: guarded("-bcdEhikLlnNprsv0 -e: -F: -f: -m: -P: --brief --mime --mime-type --mime-encoding --dereference --no-dereference --separator= --files-from= " +
    "--keep-going --magic-file= --no-pad --raw --print0 --extension --exclude= --parameter="),
  tree: guarded("-acdfghilnpqrstuvxACDFJNQSUX -H: -I: -L: -P: -T: --dirsfirst --filesfirst --du --si --noreport --prune --gitignore --gitfile= --infofile= " +
    "--matchdirs --ignore-case --inodes --device --sort? --timefmt= --charset= --filelimit= --metafirst --nolinks --fromfile --info"),
  rg: guarded(RG),
  fd: guarded(FD),
  fdfind: guarded(FD),
  bat: guarded("-AnpPuS -H: -l: -m: -r: --show-all --plain --number --line-range= --language= --highlight-line= --style= --color= --decorations= --paging= " +
    "--theme= --tabs= --wrap= --terminal-width= --file-name= --list-languages --list-themes"),
  base64: guarded("-dDi -w: -b: --decode --ignore-garbage --wrap= --break=", atMostOperands(1)),
  base32: guarded("-di -w: --decode --ignore-garbage --wrap=", atMostOperands(1)),
  iconv: guarded("-cls -f: -t: --from-code= --to-code= --list --silent"),
  hostname: guarded("-aAdfiIsy --alias --all-fqdns --all-ip-addresses --domain --fqdn --ip-address --long --short", atMostOperands(0)),
  pr: guarded("-acdFfJmrtTv -# -D: -e? -h: -i? -l: -n? -N: -o: -s? -S? -w: -W:"),
  zcat: guarded("-f --force"),
  zipinfo: guarded("-12stlmvhTzCM"),
  yq: guarded("-rePNCMjcn -o: -p: -I: --output-format= --input-format= --prettyPrint --no-doc --colors --no-colors --exit-status --indent= --null-input " +
    "--unwrapScalar? --raw-output --compact-output"),
};

const anything = reader(() => null, { namesOnly: true });

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ...Object.entries(HARMLESS).map(([name, options]) => [name, reader(harmless(options))] as const),
  ...Object.entries(NAMES_ONLY).map(([name, options]) => [name, reader(harmless(options), { namesOnly: true })] as const),
  ...Object.entries(GUARDED).map(([name, check]) => [name, reader(check)] as const),
  ["echo", anything],
  ["ps", anything],
  [":", anything],
  ["git", gitReader],
  ["find", findReader],
  ["sed", sedReader],
  ...["awk", "gawk", "mawk", "nawk"].map((name) => [name, awkReader] as const),
  ["date", dateReader],
  ["printf", printfReader],
  ["test", testReader],
  ["[", testReader],
  ["cd", cdReader],
  ["command", commandReader],
  ...archiveReaders,
]);

const SYSTEM_FOLDER = /^\/(?:usr\/(?:local\/)?)?bin\/(?=[^/]+$)/;

/** What is known about a program as it is spelled; undefined for one that is not known to read. */
export function readerOf(program: string): Reader | undefined {
  return READERS.get(program.replace(SYSTEM_FOLDER, ""));
}
