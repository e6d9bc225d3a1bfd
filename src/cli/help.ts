// The help text. Kept beside arguments.ts: a flag that is added there is explained here.

export const HELP = `countersign: hand a task to a team of agents, get back work that passed its own contract.

  countersign run "<task>"       plan, contract, work, verification; ends with a diff to review
    --repo DIR                   the repository or folder to work on (default: the current one)
    --category DISPATCH|PREP|YOURS   simple · planned and verified (default) · for you, never run
    --type single_agent|multi_agent|mission  wins over the category; a mission is cut into tasks that workers do side by side
    --workers N                  of a mission: tasks at the same time (default 3)
    --optimize                   of a mission: sharpen the request first
    --profile code|automation|data|report   what the checks are like (default code)
    --attach FILE                a file the agents should look at first; may be repeated
    --approve-plan               stop for your approval before the contract is frozen
  countersign resume [TASK]      go on after a crash, a cancel, a pause or an approval (default: the newest)
    --approve                    approve the plan as it stands in plan.md
  countersign tasks              all tasks, with status, cost and the size of their worktrees
  countersign show TASK          one task in full
  countersign diff TASK          what it changed (--attempt N: what that attempt changed)
  countersign accept TASK [FILE…]  merge its changes, or some files of them, into your working tree
                               (--attempt N: of an earlier attempt that passed)
  countersign undo TASK          take an accept back; what you have changed since stays
  countersign retry TASK "<what>"  ask for changes and run its next attempts
  countersign discard TASK       remove its worktree and branch; its files under .countersign/ stay
  countersign cost daily|weekly|task TASK   dollars and tokens, as the API reported them
  countersign policy --allow PREFIX… --deny PREFIX…   what a command policy makes of the commands on standard input,
                               one JSON string a line; --json prints {command, decision, reason} objects
  countersign chain FILE         carry out a chain file (the Markdown in which project managers write a mission); takes the
                               options of run. --dry-run shows its tasks, what waits for what, and what was assumed,
                               and stops; with --json as {tasks, batches, warnings}
  countersign node MISSION TASK retry|skip|take-over   what becomes of a task that failed; then resume the mission
  countersign graph search WORDS  files, symbols, headings and finished tasks, ranked; "graph show ID": one of them, and
                               what it is connected with
  countersign doctor             what protects you here, and what to install
  countersign sample [--keep DIR]  the bundled example: no key, no network

  For run, chain, resume and retry:
    --model ID                   one model for all roles, or script:FILE to replay a recording
    --role-model ROLE=ID         planner, contract_negotiator, generator, evaluator or single_agent; of missions
                               request_optimizer, project_manager, preamble_writer, worker, qc or reporter
    --record FILE                write what the models answer to a file that script:FILE replays
    --budget USD                 stop before a call that could pass it (default 50 a task)
    --day-budget USD             the same for all tasks of a day (default: none)
    --retries N                  attempts after the first (default 2)
    --setup CMD, --no-setup      prepare worktrees with this instead of what the lock files say
    --allow PREFIX, --deny PREFIX  without a sandbox: commands that run unasked; in any case: commands that never run.
                               Each may be repeated; "countersign policy" tries them

  --json                         run, resume, retry: events as JSON lines; tasks, show, cost, graph, doctor: JSON
  --version, --help

Without a sandbox every command needs your permission: you are asked at the terminal, and where there is none the
command is refused. "countersign doctor" says how to get a sandbox; it ends with 1 where something is missing.

Exit codes: 0 passed · 1 error · 2 escalated to you · 3 out of budget · 4 cancelled · 5 waits for your approval

Environment: ANTHROPIC_API_KEY, ANTHROPIC_AUTH_TOKEN, ANTHROPIC_BASE_URL; COUNTERSIGN_CACHE_DIR (worktrees and set-up
cache); NO_COLOR.`;

/** What to set when there is no model. */
export const NO_MODEL = `No model is configured. Set one of:
  ANTHROPIC_API_KEY=…            a key for Anthropic's API
  ANTHROPIC_AUTH_TOKEN=…         a bearer token, for a gateway
  ANTHROPIC_BASE_URL=http://…    a compatible server, local ones included (with a key or token if it wants one)
or replay a recording: --model script:FILE. "countersign sample" runs the bundled example without a model.`;
