import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { CommandGuard, type CommandGuardDeps, type GuardedRun } from "../../src/core/approvals/commandGuard";
import { COMMAND_JUDGE } from "../../src/core/approvals/judge";
import type { EventBody } from "../../src/core/domain/event";
import { CountersignError } from "../../src/core/domain/errors";
import type { TaskId } from "../../src/core/domain/task";
import type { CommandPolicy } from "../../src/core/policy/commandPolicy";
import type { CommandAnswer, CommandRequest, KeptApproval } from "../../src/core/ports/commandApproval";
import type { CommandResult, CommandRunner, CommandSpec } from "../../src/core/ports/commandRunner";
import type { Protection } from "../../src/core/ports/protection";
import { MemoryApprovals } from "../fakes/memoryApprovals";
import { RecordingLogger } from "../fakes/recordingLogger";
import { ScriptedCommandRunner } from "../fakes/scriptedCommandRunner";

const NEVER = new AbortController().signal;
const TASK = "greet-0001" as TaskId;
const OTHER = "other-0002" as TaskId;
const ACTIVE: Protection = { kind: "active", name: "bubblewrap" };
const MISSING: Protection = { kind: "missing", why: "bubblewrap is not installed.", install: ["sudo apt-get install bubblewrap"] };
const OFF: Protection = { kind: "off", why: "The setting sandbox is off." };
const REFUSAL: CommandAnswer = { kind: "refused", by: "person", reason: "You refused it." };
const allowed = (scope: "once" | "task" | "workspace", entry: string | null = null): CommandAnswer => ({ kind: "allowed", scope, entry });

interface Options {
  readonly protection?: Protection;
  readonly policy?: Partial<CommandPolicy>;
  readonly answer?: (request: CommandRequest, signal: AbortSignal) => Promise<CommandAnswer>;
  readonly kept?: readonly KeptApproval[];
  readonly own?: GuardedRun["own"];
  readonly shell?: CommandGuardDeps["shell"];
}

class GuardBench {
  readonly inner: ScriptedCommandRunner;
  readonly approvals: MemoryApprovals;
  readonly logger = new RecordingLogger();
  readonly asked: CommandRequest[] = [];
  readonly events: EventBody[] = [];
  readonly runner: CommandRunner;

  constructor({ protection = MISSING, policy = {}, answer = () => Promise.resolve(REFUSAL), kept = [], own = () => null, shell = "sh" }: Options = {}) {
    this.inner = new ScriptedCommandRunner(new Proxy({}, { get: () => ({ exitCode: 0, output: "ran\n" }) }));
    this.approvals = new MemoryApprovals(...kept);
    const guard = new CommandGuard({
      runner: this.inner,
      protection: () => Promise.resolve(protection),
      policy: () => ({ allow: [], deny: [], ...policy }),
      shell,
      judge: () => Promise.resolve(COMMAND_JUDGE),
      approval: {
        ask: (request, signal) => {
          this.asked.push(request);
          return answer(request, signal);
        },
      },
      approvals: this.approvals,
      root: "/work",
      logger: this.logger,
    });
    this.runner = guard.runnerFor({ task: TASK, title: "Greet", own, note: (event) => void this.events.push(event) });
  }

  run(command: string, more: Partial<CommandSpec> = {}, signal = NEVER): Promise<CommandResult> {
    return this.runner.run({ command, cwd: "/w", timeoutMs: 1000, outputFile: null, excerptBytes: 4096, purpose: "agent", ...more }, signal);
  }

  get ran(): readonly string[] {
    return this.inner.asked.map(({ command }) => command);
  }

  /** `allowed once`, `refused policy` …, in order. */
  get decisions(): readonly string[] {
    return this.events.flatMap((event) => (event.kind === "commandDecided" ? [`${event.decision} ${event.by}`] : []));
  }
}

describe("CommandGuard", () => {
  const protections = { active: ACTIVE, missing: MISSING, off: OFF };
  const policies = { allow: { allow: ["npm test"] }, ask: {}, deny: { deny: ["npm"] } };
  const answers = { once: allowed("once"), task: allowed("task"), workspace: allowed("workspace"), covered: { kind: "covered", scope: "task" }, refused: REFUSAL, withdrawn: { kind: "withdrawn" } } as const;

  for (const [protection, state] of Object.entries(protections)) {
    for (const [policy, entries] of Object.entries(policies)) {
      for (const [said, answer] of Object.entries(answers)) {
        const isConfined = protection === "active";
        const isAsked = !isConfined && policy === "ask";
        const runs = policy !== "deny" && (!isAsked || !["refused", "withdrawn"].includes(said));
        it(`with a sandbox that is ${protection}, a policy that says ${policy}, and the answer ${said}: ${runs ? "runs it" : "does not"}, ${isAsked ? "asks" : "does not ask"}`, async () => {
          const bench = new GuardBench({ protection: state, policy: entries, answer: () => Promise.resolve(answer) });
          const result = await bench.run("npm test");
          assert.deepEqual(bench.ran, runs ? ["npm test"] : []);
          assert.equal(bench.asked.length, isAsked ? 1 : 0);
          assert.equal(result.exitCode, runs ? 0 : null);
          const isRefused = !runs && !(isAsked && said === "withdrawn");
          assert.equal(result.refused !== undefined, isRefused);
          assert.equal(result.unstartable, isRefused);
          assert.equal(result.cancelled, isAsked && said === "withdrawn");
          const isDecided = policy === "deny" || (!isConfined && !(isAsked && said === "withdrawn"));
          assert.equal(bench.decisions.length, isDecided ? 1 : 0);
          assert.equal(bench.events.some(({ kind }) => kind === "protectionNoted"), isDecided && !isConfined);
        });
      }
    }
  }

  it("tells the runner not to start outside of a sandbox what nobody has allowed there", async () => {
    const confined = new GuardBench({ protection: ACTIVE });
    await confined.run("npm test");
    const allowedHere = new GuardBench({ answer: () => Promise.resolve(allowed("once")) });
    await allowedHere.run("npm test");
    assert.deepEqual([confined, allowedHere].map(({ inner }) => inner.asked[0]?.mustBeConfined), [true, undefined]);
  });

  it("says once a run that there is no sandbox, before the first command, and what to install", async () => {
    const bench = new GuardBench({ answer: () => Promise.resolve(allowed("once")) });
    await bench.run("npm test");
    await bench.run("npm run lint");
    assert.deepEqual(bench.events.map(({ kind }) => kind), ["protectionNoted", "commandDecided", "commandDecided"]);
    assert.deepEqual(bench.events[0], { kind: "protectionNoted", state: "missing", why: MISSING.why, install: ["sudo apt-get install bubblewrap"] });
  });

  describe("on record", () => {
    const waits = (bench: GuardBench): readonly string[] => bench.events.flatMap((event) => (event.kind === "commandAsked" ? [`asked ${event.ask} ${event.command}`] : event.kind === "commandDecided" ? [`${event.decision} ${event.ask}`] : event.kind === "commandWithdrawn" ? [`withdrawn ${event.ask}`] : []));
    const settled = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

    it("waits from the question to the answer, each by its number", async () => {
      const answers: ((answer: CommandAnswer) => void)[] = [];
      const bench = new GuardBench({ answer: () => new Promise((resolve) => answers.push(resolve)) });
      const runs = [bench.run("make"), bench.run("make")];
      await settled();
      assert.deepEqual(waits(bench), ["asked 1 make", "asked 2 make"]);
      answers[1]?.(allowed("once"));
      await runs[1];
      answers[0]?.({ kind: "withdrawn" });
      assert.equal((await runs[0])?.cancelled, true);
      assert.deepEqual(waits(bench).slice(2), ["allowed 2", "withdrawn 1"]);
    });

    it("has not waited where the answer is there at once", async () => {
      const bench = new GuardBench();
      await bench.run("make");
      assert.deepEqual(waits(bench), ["refused undefined"]);
    });
  });

  it("tells whoever asked for a refused command why, and the display as well", async () => {
    const shown: string[] = [];
    const result = await new GuardBench().run("rm -r build", { onOutput: (text) => void shown.push(text) });
    assert.equal(result.refused, "You refused it.");
    assert.deepEqual(shown, [result.output]);
    assert.match(result.output, /Not run.*You refused it\./);
  });

  it("asks with what it may touch, why, and an entry where the line is one simple command", async () => {
    const bench = new GuardBench();
    await bench.run("npm test -- --watch=false");
    await bench.run("npm test && rm -r build");
    const [simple, chained] = bench.asked;
    assert.equal(simple?.entry, "npm test *");
    assert.match(simple?.reason ?? "", /No entry covers/);
    assert.ok(simple?.touches.some((line) => line.startsWith("npm test")));
    assert.equal(chained?.entry, null);
    assert.ok(chained?.touches.some((line) => line.includes("rm -r build") && line.includes("writes")));
  });

  it("keeps an answer for the task to that task, and for the workspace to that line", async () => {
    const bench = new GuardBench({ answer: ({ command }) => Promise.resolve(allowed(command === "make" ? "task" : "workspace")) });
    await bench.run("make");
    await bench.run("make test");
    assert.deepEqual(bench.approvals.kept, [
      { kind: "line", command: "make", task: TASK },
      { kind: "line", command: "make test", task: null },
    ]);
    await bench.run("make");
    await bench.run("make test");
    assert.equal(bench.asked.length, 2);
    assert.deepEqual(bench.decisions.slice(2), ["allowed task", "allowed workspace"]);
    await bench.run("make test ");
    assert.equal(bench.asked.length, 3, "a line that differs at all is asked about");
    const another = new GuardBench({ kept: [{ kind: "line", command: "make", task: OTHER }] });
    await another.run("make");
    assert.equal(another.asked.length, 1, "another task's answer is not this one's");
  });

  it("keeps the entry that was picked, and asks about what it does not cover", async () => {
    const bench = new GuardBench({ answer: ({ entry }) => Promise.resolve(allowed("workspace", entry)) });
    await bench.run("npm test -- a");
    assert.deepEqual(bench.approvals.kept, [{ kind: "entry", entry: "npm test *", task: null }]);
    await bench.run("npm test -- b");
    assert.equal(bench.asked.length, 1);
    await bench.run("npm test; rm -r build");
    await bench.run("npm test > out.txt");
    assert.equal(bench.asked.length, 3);
  });

  it("runs what was allowed even if that cannot be kept, and asks again", async () => {
    const bench = new GuardBench({ answer: () => Promise.resolve(allowed("workspace")) });
    bench.approvals.failing = new CountersignError("io", "The disk is full.");
    await bench.run("make");
    await bench.run("make");
    assert.deepEqual([bench.ran, bench.asked.length], [["make", "make"], 2]);
    assert.match(bench.logger.text, /could not be kept/);
  });

  describe("set-up commands", () => {
    const setup = { purpose: "setup", dependsOn: "lock-1" } as const;

    it("are asked about once for a lock file, and again when it changes", async () => {
      const bench = new GuardBench({ answer: () => Promise.resolve(allowed("once")) });
      await bench.run("npm ci", setup);
      await bench.run("npm ci", setup);
      assert.equal(bench.asked.length, 1);
      assert.deepEqual(bench.asked[0]?.scopes, ["once"]);
      await bench.run("npm ci", { ...setup, dependsOn: "lock-2" });
      assert.equal(bench.asked.length, 2);
      assert.deepEqual(bench.decisions, ["allowed setUp", "allowed setUp", "allowed setUp"]);
    });

    it("are not covered by what agents were allowed, nor the other way round", async () => {
      const bench = new GuardBench({ kept: [{ kind: "line", command: "npm ci", task: null }, { kind: "setUp", command: "make deps", dependsOn: "lock-1" }] });
      await bench.run("npm ci", setup);
      await bench.run("make deps");
      assert.deepEqual([bench.ran, bench.asked.length], [[], 2]);
    });

    it("find out versions unasked, where the working folder cannot bring the program", async () => {
      const posix = new GuardBench();
      await posix.run("node --version", setup);
      await posix.run("node --version");
      await posix.run("node --version && make", setup);
      assert.deepEqual([posix.ran, posix.asked.length], [["node --version"], 2]);
      const windows = new GuardBench({ shell: "cmd" });
      await windows.run("node --version", setup);
      assert.deepEqual(windows.ran, []);
    });
  });

  it("runs the person's own words, but not against their deny entries", async () => {
    const own: GuardedRun["own"] = ({ command }) => (command.startsWith("node ") ? "It belongs to the sample." : null);
    const bench = new GuardBench({ own, policy: { deny: ["node --eval"] } });
    await bench.run("node app.js");
    await bench.run("node --eval 1");
    assert.deepEqual(bench.ran, ["node app.js"]);
    assert.deepEqual(bench.decisions, ["allowed own", "refused policy"]);
  });

  it("asks in a sandbox, too, while a deny entry cannot be read", async () => {
    const bench = new GuardBench({ protection: ACTIVE, policy: { deny: ["rm; ls"] } });
    await bench.run("npm test");
    assert.deepEqual([bench.ran, bench.asked.length], [[], 1]);
    assert.match(bench.asked[0]?.reason ?? "", /deny entry cannot be read/);
  });

  it("asks while the time limit of whoever wants the command stands still, and runs it on the clock", async () => {
    const order: string[] = [];
    const bench = new GuardBench({
      answer: () => {
        order.push("asked");
        return Promise.resolve(allowed("once"));
      },
    });
    const offTheClock = async <T>(work: () => Promise<T>): Promise<T> => {
      order.push("stopped");
      const result = await work();
      order.push(`goes on, ${bench.ran.length} ran`);
      return result;
    };
    await bench.run("make", { offTheClock });
    assert.deepEqual([order, bench.ran], [["stopped", "asked", "goes on, 0 ran"], ["make"]]);
  });

  it("never lets a command through that no rule, approval or answer allows", async () => {
    const command = fc.constantFrom("npm test", "npm test -- a", "npm ci", "rm -r build", "ls", "ls -l > f", "bash -c 'npm test'", "node --version", "$X", "");
    const entries = fc.uniqueArray(fc.constantFrom("npm test", "npm test *", "npm", "rm", "ls", "a; b"), { maxLength: 3 });
    const kept = fc.uniqueArray(
      fc.oneof(
        fc.record({ kind: fc.constant("line" as const), command, task: fc.constantFrom(null, TASK, OTHER) }),
        fc.record({ kind: fc.constant("entry" as const), entry: fc.constantFrom("npm test *", "ls"), task: fc.constantFrom(null, TASK, OTHER) }),
        fc.record({ kind: fc.constant("setUp" as const), command, dependsOn: fc.constantFrom("a", "b") }),
      ),
      { maxLength: 3, selector: (approval) => JSON.stringify(approval) },
    );
    const answer = fc.constantFrom<CommandAnswer>(...Object.values(answers));
    const spec = fc.record({ purpose: fc.constantFrom("agent" as const, "check" as const, "setup" as const), dependsOn: fc.constantFrom("a", "b") });
    await fc.assert(
      fc.asyncProperty(fc.record({ protection: fc.constantFrom(ACTIVE, MISSING, OFF), policy: fc.record({ allow: entries, deny: entries }), approvals: kept, said: answer, lines: fc.array(fc.tuple(command, spec), { maxLength: 4 }) }), async ({ protection, policy, approvals, said, lines }) => {
        const bench = new GuardBench({ protection, policy, kept: approvals, answer: () => Promise.resolve(said) });
        for (const [line, about] of lines) {
          const [before, events, asked] = [bench.ran.length, bench.events.length, bench.asked.length];
          const result = await bench.run(line, about);
          const hasRun = bench.ran.length > before;
          const decisions = bench.events.slice(events).flatMap((event) => (event.kind === "commandDecided" ? [event] : []));
          assert.equal(hasRun, result.refused === undefined && !result.cancelled);
          if (bench.asked.length > asked) assert.equal(hasRun, said.kind === "allowed" || said.kind === "covered");
          if (hasRun && protection.kind !== "active") assert.deepEqual(decisions.map(({ command: what, decision }) => [what, decision]), [[line, "allowed"]]);
          if (!hasRun && result.refused !== undefined) assert.deepEqual(decisions.map(({ decision }) => decision), ["refused"]);
        }
      }),
      { numRuns: 150 },
    );
  });
});
