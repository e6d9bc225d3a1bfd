// The options of git's reading subcommands that neither write nor run anything. Left out on purpose: --output, -O of
// grep, --ext-diff, --textconv, --filters, --show-signature, --paginate. Data only, in the form of optionTable.

const DIFF =
  "-puszRawbWrtmc -0123 -U? -C? -M? -B? -D -l: -S: -G: -O: -I: -X? --patch --no-patch --unified= --raw --patch-with-raw --patch-with-stat --indent-heuristic " +
  "--no-indent-heuristic --minimal --patience --histogram --anchored= --diff-algorithm= --stat? --stat-width= --stat-name-width= --stat-count= --stat-graph-width= " +
  "--compact-summary --numstat --shortstat --dirstat? --cumulative --dirstat-by-file? --summary --name-only --name-status --submodule? --color? --no-color " +
  "--color-moved? --no-color-moved --color-moved-ws= --no-color-moved-ws --word-diff? --word-diff-regex= --color-words? --no-renames --rename-empty " +
  "--no-rename-empty --check --ws-error-highlight= --full-index --binary --abbrev? --no-abbrev --break-rewrites? --find-renames? --find-copies? " +
  "--find-copies-harder --irreversible-delete --diff-filter= --find-object= --pickaxe-all --pickaxe-regex --relative? --no-relative --text --ignore-cr-at-eol " +
  "--ignore-space-at-eol --ignore-space-change --ignore-all-space --ignore-blank-lines --ignore-matching-lines= --inter-hunk-context= --function-context " +
  "--exit-code --quiet --no-ext-diff --no-textconv --ignore-submodules? --src-prefix= --dst-prefix= --no-prefix --default-prefix --line-prefix= " +
  "--ita-invisible-in-index --merge-base --cached --staged --no-index --output-indicator-new= --output-indicator-old= --output-indicator-context= --skip-to= " +
  "--rotate-to= --max-depth= --cc --combined-all-paths --diff-merges= --no-diff-merges --remerge-diff --dd --base --ours --theirs";

const LOG =
  `${DIFF} -# -giEFPhqve -n: -L: --oneline --graph --no-graph --all --branches? --tags? --remotes? --glob= --exclude= --exclude-hidden= --decorate? --no-decorate ` +
  "--decorate-refs= --decorate-refs-exclude= --clear-decorations --source --mailmap --use-mailmap --no-mailmap --log-size --follow --full-diff --max-count= " +
  "--skip= --since= --after= --until= --before= --since-as-filter= --author= --committer= --grep= --grep-reflog= --all-match --invert-grep --regexp-ignore-case " +
  "--basic-regexp --extended-regexp --fixed-strings --perl-regexp --merges --no-merges --min-parents= --max-parents= --no-min-parents --no-max-parents " +
  "--first-parent --exclude-first-parent-only --not --stdin --cherry-mark --cherry-pick --cherry --left-only --right-only --left-right --walk-reflogs --merge " +
  "--boundary --simplify-by-decoration --full-history --dense --sparse --simplify-merges --ancestry-path? --show-pulls --reverse --date-order --author-date-order " +
  "--topo-order --no-walk? --do-walk --in-commit-order --pretty? --format= --abbrev-commit --no-abbrev-commit --encoding= --expand-tabs? --no-expand-tabs --notes? " +
  "--no-notes --show-notes? --no-standard-notes --standard-notes --relative-date --date= --parents --children --show-linear-break? --ignore-missing --bisect " +
  "--reflog --alternate-refs --single-worktree --disk-usage? --objects --objects-edge --count --timestamp --header --filter= --no-object-names --root " +
  "--no-commit-id --always --creation-factor= --no-dual-color --left-only --right-only --end-of-options";

export const GIT_TABLES = {
  diff: DIFF,
  log: LOG,
  shortlog: `${LOG.replace(" -n: ", " ")} -sne -c --summary --numbered --email --committer --group=`,
  status: "-sbvz -u? -M? --short --branch --show-stash --porcelain? --long --verbose --untracked-files? --ignore-submodules? --ignored? --column? --no-column " +
    "--null --ahead-behind --no-ahead-behind --renames --no-renames --find-renames?",
  blame:
    "-bcltnsefpwh -L: -S: -M? -C? --root --incremental --porcelain --line-porcelain --show-stats --progress --no-progress --score-debug --show-name --show-number " +
    "--show-email --color-lines --color-by-age --minimal --contents= --date= --abbrev= --since= --reverse --first-parent --ignore-rev= --ignore-revs-file= " +
    "--encoding= --diff-algorithm=",
  lsFiles:
    "-cdoisukzmtvf -x: -X: --cached --deleted --modified --others --ignored --stage --unmerged --killed --directory --no-empty-directory --empty-directory --eol " +
    "--full-name --recurse-submodules --exclude= --exclude-from= --exclude-per-directory= --exclude-standard --error-unmatch --with-tree= --abbrev? --deduplicate " +
    "--sparse --format= --resolve-undo",
  lsTree: "-drtlz --long --name-only --name-status --object-only --abbrev? --full-name --full-tree --format=",
  revParse:
    "-q --abbrev-ref? --verify --quiet --short? --show-toplevel --show-prefix --show-cdup --git-dir --absolute-git-dir --git-common-dir --git-path= " +
    "--is-inside-work-tree --is-inside-git-dir --is-bare-repository --is-shallow-repository --all --branches? --tags? --remotes? --glob= --exclude= --symbolic " +
    "--symbolic-full-name --revs-only --no-revs --flags --no-flags --default= --prefix= --not --local-env-vars --show-superproject-working-tree " +
    "--shared-index-path --since= --until= --after= --before= --disambiguate= --path-format= --end-of-options --show-object-format? --show-ref-format --sq",
  describe: "--all --tags --contains --abbrev? --candidates= --exact-match --debug --long --match= --exclude= --always --first-parent --dirty? --broken?",
  catFile: "-ptsezZ --batch? --batch-check? --batch-command? --batch-all-objects --buffer --unordered --follow-symlinks --use-mailmap --no-mailmap --allow-unknown-type",
  grep:
    "-aiwvhHEGFPnlLzocpWqrI -# -e: -f: -A: -B: -C: -m: --text --ignore-case --word-regexp --invert-match --full-name --extended-regexp --basic-regexp " +
    "--fixed-strings --perl-regexp --line-number --column --files-with-matches --name-only --files-without-match --null --only-matching --count --color? " +
    "--no-color --break --heading --show-function --context= --after-context= --before-context= --function-context --threads= --and --or --not --all-match --quiet " +
    "--max-depth= --recursive --no-recursive --cached --untracked --no-index --exclude-standard --no-exclude-standard --recurse-submodules --max-count= " +
    "--no-textconv",
  mergeBase: "-a --all --octopus --independent --is-ancestor --fork-point",
  nameRev: "--tags --refs= --exclude= --all --name-only --no-undefined --always --annotate-stdin",
  forEachRef: "-sp --count= --shell --perl --python --tcl --sort= --format= --points-at= --merged? --no-merged? --contains? --no-contains? --ignore-case " +
    "--omit-empty --exclude= --color? --stdin --include-root-refs",
  showRef: "-dsq --head --heads --branches --tags --dereference --hash? --verify --abbrev? --quiet --exclude-existing? --exists",
  countObjects: "-vH --verbose --human-readable",
  cherry: "-v --abbrev?",
  checkIgnore: "-qvnz --stdin --no-index --quiet --verbose --non-matching",
  checkAttr: "-az --all --stdin --cached --source=",
  version: "--build-options",
  branch:
    "-arvil --all --remotes --verbose --list --show-current --contains? --no-contains? --merged? --no-merged? --points-at= --sort= --format= --color? --no-color " +
    "--column? --no-column --abbrev? --no-abbrev --ignore-case --omit-empty",
  tag: "-li -n? --list --sort= --format= --contains? --no-contains? --merged? --no-merged? --points-at= --column? --no-column --color? --ignore-case --omit-empty",
  symbolicRef: "-q --quiet --short --recurse --no-recurse",
  config:
    "-lz -f: --list --get --get-all --get-regexp --get-urlmatch --get-color --get-colorbool --global --system --local --worktree --file= --blob= --type= --bool " +
    "--int --bool-or-int --path --expiry-date --null --name-only --show-origin --show-scope --includes --no-includes --default= --all --regexp --value= " +
    "--fixed-value --url= --show-names",
  remote: "-v --verbose",
  remoteGetUrl: "--push --all",
  worktreeList: "-vz --porcelain --verbose",
  submoduleStatus: "--cached --recursive --quiet",
} satisfies Readonly<Record<string, string>>;
