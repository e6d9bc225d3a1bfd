// Programs whose arguments are another command, and how it is found in them. Data only.
import { wrapperShape, type WrapperShape } from "./commandStart";

/** `PROGRAM [options] [operands] COMMAND ARGUMENT…` */
export const WRAPPERS: ReadonlyMap<string, WrapperShape> = shapes({
  sudo: "-AbEeHiKklNnPSsVv -u: -g: -p: -C: -c: -D: -h: -R: -r: -T: -t: -U: --user= --group= --prompt= --chdir= --chroot= --close-from= --command-timeout= --host= " +
    "--role= --type= --other-user= --login --shell --non-interactive --stdin --background --set-home --edit --preserve-env --reset-timestamp NAME=",
  doas: "-Lns -u: -C: -a:",
  pkexec: "--disable-internal-agent --keep-cwd --user=",
  runuser: "-lmpf -u: -g: -G: -s: -w: --user= --group= --supp-group= --shell= --login --preserve-environment",
  run0: "-u: -g: -D: --user= --group= --chdir= --nice= --unit= --property= --setenv= --slice=",
  env: "-i0v -u: -C: -S: -P: -a: --unset= --chdir= --split-string= --argv0= --ignore-environment --null --debug --ignore-signal --default-signal --block-signal " +
    "--list-signal-handling NAME=",
  nice: "-n: --adjustment= -0123456789",
  ionice: "-t -c: -n: -p: -P: -u: --class= --classdata= --pid= --pgid= --uid= --ignore",
  chrt: "-abdfimorRv -T: -P: -D: -p: 1",
  taskset: "-ac -p: 1",
  numactl: "-N: -m: -C: -i: -p: -l --cpunodebind= --membind= --physcpubind= --interleave= --preferred= --localalloc",
  nohup: "",
  setsid: "-cfw --ctty --fork --wait",
  stdbuf: "-i: -o: -e: --input= --output= --error=",
  unbuffer: "-p",
  time: "-aplvqV -f: -o: --format= --output= --append --portability --verbose --quiet",
  timeout: "-fpv -k: -s: --kill-after= --signal= --foreground --preserve-status --verbose 1",
  gtimeout: "-fpv -k: -s: --kill-after= --signal= --foreground --preserve-status --verbose 1",
  command: "-p",
  builtin: "",
  exec: "-cl -a:",
  busybox: "",
  toybox: "",
  xargs: "-0oprtx -a: -d: -E: -I: -J: -L: -n: -P: -R: -S: -s: --arg-file= --delimiter= --max-args= --max-chars= --max-procs= --process-slot-var= --null " +
    "--no-run-if-empty --interactive --verbose --exit --open-tty --eof --replace --max-lines --show-limits",
  strace: "-cCdfFhiknqrtTvVwxyYzZ -a: -b: -e: -E: -I: -o: -O: -p: -P: -s: -S: -u: -U: -X: --output= --trace= --string-limit= --follow-forks",
  ltrace: "-bcCfhiLrStTV -a: -A: -D: -e: -F: -l: -n: -o: -p: -s: -u: -w: -x: -X:",
  valgrind: "-qvh",
  perf: "1",
  flock: "-seuxnoFvh -w: -E: --wait= --timeout= --conflict-exit-code= --shared --exclusive --unlock --nonblock --close --no-fork --verbose 1",
  chroot: "--userspec= --groups= --skip-chdir 1",
  unshare: "-impnuUCTrcfF -R: -w: -S: -G: --root= --wd= --setuid= --setgid= --map-root-user --fork --pid --mount --net --user",
  nsenter: "-amuinpUCTZFe -t: -r: -w: -S: -G: --target= --all",
  setpriv: "--reuid= --regid= --groups= --clear-groups --no-new-privs --init-groups",
  "systemd-run": "-dGPqrSt -H: -M: -p: -u: -E: --unit= --property= --slice= --uid= --gid= --nice= --setenv= --working-directory= --user --system --scope --pty " +
  "--pipe --wait --collect --quiet",
  "systemd-inhibit": "--what= --who= --why= --mode=",
  "dbus-run-session": "--config-file= --dbus-daemon=",
  "dbus-launch": "--sh-syntax --exit-with-session",
  "xvfb-run": "-ahl -e: -f: -n: -p: -s: -w: --auth-file= --server-num= --server-args= --error-file= --auto-servernum",
  faketime: "-mf 1",
  fakeroot: "-huv -l: -s: -i: -b: --lib= --faked= -- ",
  firejail: "--quiet --noprofile",
  bwrap: "--unshare-all --unshare-net --die-with-parent --new-session --dir= --tmpfs= --proc= --dev= --chdir=",
  proxychains: "-q -f:",
  proxychains4: "-q -f:",
  torsocks: "-i",
  caffeinate: "-disum -t: -w:",
  arch: "-c -e: -d: -x86_64 -arm64",
  catchsegv: "",
  entr: "-acdnprsxz",
  ts: "",
  winpty: "",
  wsl: "-d: -u: --distribution= --user= --cd= --exec -e",
  doppler: "1",
  dotenv: "-e: -f: -v:",
  npx: "-yq -p: -w: --yes --no --quiet --ignore-existing --no-install --package= --workspace= --prefix=",
  pnpx: "-p: --package=",
  bunx: "--bun -p: --package=",
  uvx: "-q -p: --from= --with= --python=",
  pipx: "1",
  rtx: "1",
  watchexec: "-cnqrvp -w: -e: -f: -i: -s: -d: --watch= --exts= --filter= --ignore= --restart --clear --shell=",
  reflex: "-sv -r: -R: -g: -G: --regex= --glob= --start-service",
  retry: "-t: -d: --times= --delay=",
  script: "-aefqc -t: -I: -O: -B: -T: -m: -E: -o: 1",
  "start-stop-daemon": "-Sb",
  "parallel": "-0kqtuvX -j: -P: -I: -N: -n: -S: -a: -d: --jobs= --max-args= --delay= --timeout= --retries= --results= --joblog= --sshlogin= --colsep= --arg-file= " +
  "--tag --bar --eta --keep-order --dry-run --halt= --will-cite",
});

const CONTAINER_RUN =
  "-ditPq -e: -v: -p: -w: -u: -h: -l: -m: -c: -a: --rm --init --privileged --detach --interactive --tty --read-only --publish-all --no-deps --env= --env-file= " +
  "--volume= --publish= --workdir= --user= --name= --network= --net= --entrypoint= --mount= --platform= --label= --memory= --cpus= --hostname= --add-host= " +
  "--cap-add= --cap-drop= --device= --gpus= --ipc= --pid= --pull= --restart= --security-opt= --shm-size= --tmpfs= --ulimit= --userns= --volumes-from= --dns= " +
  "--log-driver= --cidfile= 1";

const CONTAINER_EXEC = "-ditT -e: -u: -w: --env= --env-file= --user= --workdir= --index= --detach --interactive --tty --privileged --detach-keys= 1";

/** `PROGRAM [options] WORD [options] [operands] COMMAND ARGUMENT…`: `docker run image COMMAND`. */
export const SUBCOMMAND_WRAPPERS: ReadonlyMap<string, ReadonlyMap<string, WrapperShape>> = new Map(
  Object.entries({
    docker: { run: CONTAINER_RUN, create: CONTAINER_RUN, exec: CONTAINER_EXEC },
    podman: { run: CONTAINER_RUN, create: CONTAINER_RUN, exec: CONTAINER_EXEC },
    nerdctl: { run: CONTAINER_RUN, create: CONTAINER_RUN, exec: CONTAINER_EXEC },
    "docker-compose": { run: CONTAINER_RUN, exec: CONTAINER_EXEC },
    kubectl: { exec: "-iqt -c: -n: -f: --container= --namespace= --context= --stdin --tty 1", run: "--image= --restart= -i -t --rm --command 1" },
    oc: { exec: "-iqt -c: -n: -f: --container= --namespace= 1", rsh: "-tT -c: -n: --container= 1" },
    npm: { exec: "-y --yes --no --package= --workspace= -w: -p:", x: "-y --yes --no --package= --workspace= -w: -p:" },
    pnpm: { exec: "-rc -C: --recursive --dir=", dlx: "--package=" },
    yarn: { exec: "", dlx: "-q -p: --package=" },
    bun: { x: "--bun" },
    uv: { run: "-q --with= --python= --extra= --group= --directory= --project= --isolated --frozen --locked --no-sync -p:" },
    poetry: { run: "-C: --directory=" },
    pipenv: { run: "" },
    pdm: { run: "-p:" },
    hatch: { run: "-e:" },
    rye: { run: "" },
    conda: { run: "-n: -p: --name= --prefix= --no-capture-output --live-stream --cwd=" },
    mamba: { run: "-n: -p: --name= --prefix=" },
    bundle: { exec: "--keep-file-descriptors" },
    mise: { exec: "1", x: "1" },
    asdf: { exec: "" },
    direnv: { exec: "1" },
    op: { run: "--env-file= --no-masking" },
    "aws-vault": { exec: "-nd --duration= --region= 1" },
    vagrant: { ssh: "-c: --command=" },
    toolbox: { run: "-c: -d: -r: --container=" },
    git: { "bisect run": "" },
    perf: { record: "-agF: -e: -o: -p: -c:", stat: "-ad -e: -o: -p: -r:" },
    nix: { run: "1", shell: "", develop: "" },
  } satisfies Record<string, Record<string, string>>).map(([program, words]) => [program, shapes(words)]),
);

/** Words between a program and its subcommand that only say which kind of thing it is about. */
export const MANAGEMENT_WORDS: ReadonlySet<string> = new Set(["container", "compose", "image", "volume", "network", "system"]);

/** Shells, which take their program from `-c`, a file or their standard input. */
export const SHELLS: ReadonlySet<string> = new Set("sh bash dash zsh ksh mksh pdksh ash fish rbash csh tcsh yash elvish nu xonsh".split(" "));
export const SHELL_SHAPE = wrapperShape("-abefhiklmnprstuvxBCDEHPT -o: -O: --init-file= --rcfile= --login --posix --norc --noprofile --restricted --verbose");

/** Other languages' interpreters: the options that take a program as their value. */
export const INTERPRETERS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    python: ["-c"],
    pypy: ["-c"],
    node: ["-e", "--eval", "-p", "--print", "-pe"],
    nodejs: ["-e", "--eval", "-p", "--print", "-pe"],
    bun: ["-e", "--eval", "-p", "--print"],
    deno: ["eval"],
    tsx: ["-e", "--eval", "-p"],
    "ts-node": ["-e", "--eval", "-p"],
    perl: ["-e", "-E", "-ne", "-pe", "-ie", "-nle", "-lne", "-pie"],
    ruby: ["-e", "-ne", "-pe"],
    php: ["-r", "-B", "-R", "-E"],
    lua: ["-e"],
    luajit: ["-e"],
    rscript: ["-e"],
    osascript: ["-e"],
    tclsh: [],
    expect: ["-c"],
    groovy: ["-e"],
    scala: ["-e"],
    elixir: ["-e"],
    erl: ["-eval"],
    ghc: ["-e"],
    julia: ["-e", "--eval", "-E"],
    guile: ["-c"],
    sbcl: ["--eval"],
    emacs: ["--eval", "--execute"],
    gdb: ["-ex", "--eval-command", "-iex"],
    sqlite3: ["-cmd"],
    psql: ["-c", "--command"],
    mysql: ["-e", "--execute"],
  }),
);

/** Options whose value is a command line, by program. */
export const COMMAND_OPTIONS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    su: ["-c", "--command", "--session-command"],
    runuser: ["-c", "--command"],
    sg: ["-c"],
    script: ["-c", "--command"],
    flock: ["-c", "--command"],
    npx: ["-c", "--call"],
    npm: ["-c", "--call"],
    "nix-shell": ["--run", "--command"],
    nix: ["-c", "--command"],
    nodemon: ["-x", "--exec"],
    rsync: ["-e", "--rsh", "--rsync-path"],
    tar: ["-I", "--use-compress-program", "--to-command", "--checkpoint-action", "--rsh-command", "-F", "--info-script", "--new-volume-script"],
    zip: ["-TT", "--unzip-command"],
    rg: ["--pre", "--hostname-bin"],
    ag: ["--pager"],
    sort: ["--compress-program"],
    man: ["-P", "--pager", "-H"],
    ssh: ["-o"],
    scp: ["-S", "-o"],
    sftp: ["-S", "-o"],
    git: ["--exec", "--extcmd", "--upload-pack", "--receive-pack", "-O", "--open-files-in-pager", "--tree-filter", "--index-filter", "--msg-filter", "--env-filter", "--commit-filter", "--parent-filter", "--tag-name-filter"],
    vagrant: ["-c", "--command"],
    bat: ["--pager"],
    delta: ["--pager"],
    fzf: ["--preview", "--bind"],
    watchexec: ["--shell"],
    docker: ["--entrypoint", "--health-cmd"],
    podman: ["--entrypoint", "--health-cmd"],
    make: ["--eval", "-E"],
    gcc: ["-wrapper"],
    gdb: ["-ex", "--eval-command"],
    go: ["-exec", "-toolexec"],
    cargo: ["--config"],
    ctags: ["--filter"],
    vi: ["-c", "+", "--cmd"],
    vim: ["-c", "+", "--cmd"],
    nvim: ["-c", "+", "--cmd"],
    view: ["-c", "+", "--cmd"],
    ex: ["-c", "+"],
    less: ["+"],
    more: ["+"],
    tcpdump: ["-z"],
    bwrap: ["--"],
  }),
);

/** Programs each of whose operands is a command line, and shells' own words that take one. */
export const EACH_OPERAND: ReadonlySet<string> = new Set("hyperfine concurrently tmux screen trap at batch wsl".split(" "));

/** Programs that join their operands to one command line, behind this many others. */
export const JOINED_OPERANDS: ReadonlyMap<string, WrapperShape> = shapes({
  eval: "",
  watch: "-bcdegptwx -n: -q: --interval= --differences --no-title --beep --errexit --chgexit --color --exec --precise --no-wrap",
  ssh: "-46AaCfGgKkMNnqsTtVvXxYy -B: -b: -c: -D: -E: -e: -F: -I: -i: -J: -L: -l: -m: -O: -o: -p: -Q: -R: -S: -W: -w: 1",
  mosh: "-46a -p: --ssh= --predict= 1",
  autossh: "-fV -M: -p: -i: -o: -L: -R: 1",
  rsh: "-n -l: 1",
  parallel: "-0kqtuvX -j: -P: -I: -N: -n: -S: -a: -d: --jobs= --max-args= --tag --bar --will-cite",
  cmd: "1",
  powershell: "-c -C -Command -NoProfile -NonInteractive",
  pwsh: "-c -C -Command -NoProfile -NonInteractive",
});

function shapes(texts: Readonly<Record<string, string>>): ReadonlyMap<string, WrapperShape> {
  return new Map(Object.entries(texts).map(([name, text]) => [name, wrapperShape(text)]));
}
