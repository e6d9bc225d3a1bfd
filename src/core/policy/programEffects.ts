// What well-known programs may touch, for telling a person. Data only; nothing is decided by it.

export type EffectKind = "reads" | "writes" | "network" | "runs";

interface KnownProgram {
  readonly kinds: readonly EffectKind[];
  /** Only with one of these first operands; with any others when left out. */
  readonly subcommands?: readonly string[];
}

const WRITES = "rm rmdir unlink shred mv cp mkdir touch ln tee truncate dd install chmod chown chgrp patch split csplit mktemp mkfifo mknod rsync scp sed tar " +
  "unzip zip gzip gunzip bzip2 xz zstd ed ex vi vim nvim nano emacs prettier";
const NETWORK =
  "curl wget ssh scp sftp rsync nc ncat netcat socat telnet ftp ping ping6 traceroute dig nslookup host whois gh glab aws gcloud az kubectl oc helm terraform " +
  "ansible heroku vercel netlify fly doctl apt apt-get yum dnf apk pacman brew snap mosh autossh rclone s3cmd psql mysql mongosh redis-cli";
const RUNS = "make gmake ninja cmake gradle gradlew mvn ant bazel just task rake tox nox pytest mocha jest vitest ava tap karma cypress playwright webpack vite " +
  "rollup esbuild tsx ts-node entr nodemon eslint";

const SUBCOMMANDS: Readonly<Record<string, readonly KnownProgram[]>> = {
  git: [
    { kinds: ["network", "writes"], subcommands: ["clone", "fetch", "pull", "push", "ls-remote", "remote", "submodule", "lfs", "svn"] },
    { kinds: ["writes"] },
  ],
  npm: packages(["view", "info", "outdated", "audit", "search", "publish", "login", "whoami", "dist-tag", "pack"]),
  pnpm: packages(["outdated", "audit", "publish", "dlx"]),
  yarn: packages(["outdated", "audit", "publish", "dlx", "npm"]),
  bun: packages(["outdated", "publish", "x"]),
  pip: packages(["download", "index", "search"]),
  uv: packages(["sync", "lock", "pip", "tool"]),
  poetry: packages(["lock", "publish", "show"]),
  cargo: packages(["fetch", "publish", "search", "login", "yank"]),
  go: packages(["get", "mod", "download"]),
  gem: packages(["push", "fetch", "search"]),
  bundle: packages(["outdated"]),
  composer: packages(["require", "outdated"]),
  docker: [{ kinds: ["network", "runs"], subcommands: ["run", "build", "pull", "push", "compose", "login"] }, { kinds: ["runs", "writes"] }],
};

/** Package managers fetch packages, write them, and run their scripts; their other words run the project's. */
function packages(more: readonly string[]): readonly KnownProgram[] {
  const fetching = ["install", "i", "ci", "add", "update", "upgrade", "remove", "uninstall", "sync", "init", "create", ...more];
  return [{ kinds: ["network", "writes", "runs"], subcommands: fetching }, { kinds: ["runs"] }];
}

const PROGRAMS: ReadonlyMap<string, readonly KnownProgram[]> = (() => {
  const known = new Map<string, EffectKind[]>();
  for (const [kind, names] of [["network", NETWORK], ["writes", WRITES], ["runs", RUNS]] as const) {
    for (const name of names.split(" ")) known.set(name, [...(known.get(name) ?? []), kind]);
  }
  const plain = [...known].map(([name, kinds]): readonly [string, readonly KnownProgram[]] => [name, [{ kinds }]]);
  return new Map([...plain, ...Object.entries(SUBCOMMANDS)]);
})();

/** What the program may do, given its first operand; null for one that is not known. */
export function effectsOf(program: string, firstOperand: string): readonly EffectKind[] | null {
  const forms = PROGRAMS.get(program);
  if (forms === undefined) return null;
  const form = forms.find(({ subcommands }) => subcommands === undefined || subcommands.includes(firstOperand));
  return form?.kinds ?? null;
}

/** Whether the program's first operand says what it does, and is no file. */
export function hasSubcommands(program: string): boolean {
  return Object.hasOwn(SUBCOMMANDS, program);
}
