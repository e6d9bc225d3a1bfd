// What happens in a running task right now: the tools and the check that run, the tails of what streams, the last few
// lines of activity. Bounded however long the task runs.
import type { Activity, Live } from "../../shared/dashboardState";
import type { JournalEvent, LiveEvent } from "../domain/event";
import { ActivityReader } from "./activityReader";
import { checkTitle } from "./checkWords";
import { clip, tail } from "./clip";

const TEXT_CHARS = 3000;
const THINKING_CHARS = 600;
const OUTPUT_CHARS = 6000;
const SUMMARY_CHARS = 300;
const RECENT = 8;

type Of<K extends JournalEvent["kind"]> = Extract<JournalEvent, { readonly kind: K }>;

/** The model has said nothing in this turn. */
const SILENT = { text: "", isAnswer: false, thinking: "" };

/** Nobody works on it. `checksOf` is 0 where their number is not known. */
const NOTHING: Live = { session: null, tools: {}, check: null, checksDone: 0, checksOf: 0, ...SILENT, output: "", retry: null, recent: {} };

export class LiveTracker {
  readonly #reader = new ActivityReader();
  #live = NOTHING;
  /** The turn that `text` belongs to has ended: what comes next replaces it. */
  #isTurnOver = false;
  #worktree = "";
  #contractChecks = 0;
  #checkRound = "";

  get current(): Live {
    return this.#live;
  }

  live(event: LiveEvent): void {
    if (event.kind === "outputStreamed") return this.#set({ output: tail(this.#live.output + event.text, OUTPUT_CHARS) });
    if (this.#isTurnOver) this.#set(SILENT);
    this.#isTurnOver = false;
    if (event.kind === "thinkingStreamed") return this.#set({ thinking: tail(this.#live.thinking + event.text, THINKING_CHARS) });
    const text = this.#live.text + event.text;
    const isAnswer = this.#live.isAnswer || /^\s*(\{|```)/.test(text);
    this.#set(isAnswer ? { isAnswer, text: "" } : { text: tail(text, TEXT_CHARS) });
  }

  event(event: JournalEvent): void {
    const line = this.#reader.next(event);
    if (line !== null) this.#remember(line);
    switch (event.kind) {
      case "runStarted":
        this.#live = { ...NOTHING, recent: this.#live.recent };
        this.#checkRound = "";
        return;
      case "baseSnapshotted":
        this.#worktree = `${event.base.worktree}/`;
        return;
      case "contractProposed":
      case "contractFrozen":
        this.#contractChecks = event.contract.checks.length;
        return;
      case "checkStarted":
        return this.#checkBegins(event);
      case "checkFinished":
        return this.#set({ check: null, checksDone: this.#live.checksDone + 1 });
      default:
        return this.#sessionEvent(event);
    }
  }

  #sessionEvent(event: JournalEvent): void {
    switch (event.kind) {
      case "sessionStarted":
        return this.#set({ session: event.session, tools: {}, check: null, ...SILENT, output: "", retry: null });
      case "sessionEnded":
        return this.#set({ session: null, tools: {}, retry: null });
      case "toolCalled":
        return this.#toolBegins(event);
      case "toolFinished": {
        const { [event.call]: _ended, ...tools } = this.#live.tools;
        return this.#set({ tools });
      }
      case "turnCompleted":
        this.#isTurnOver = true;
        return this.#set({ retry: null });
      case "callFailed":
        return this.#set({ retry: null });
      case "modelRetried":
        // What streamed before is void.
        return this.#set({ ...SILENT, retry: clip(event.reason, SUMMARY_CHARS) });
      default:
        return undefined;
    }
  }

  #toolBegins({ call, tool, summary, time }: Of<"toolCalled">): void {
    const shown = clip(this.#worktree === "" ? summary : summary.replaceAll(this.#worktree, ""), SUMMARY_CHARS);
    const tools = { ...this.#live.tools, [call]: { tool, summary: shown, since: time } };
    // Only a command streams output, and it is the only one that runs then.
    this.#set(tool === "run_command" ? { tools, output: "" } : { tools });
  }

  #checkBegins({ check, where, time }: Of<"checkStarted">): void {
    const round = where.site === "base" ? `base ${where.round}` : `attempt ${where.attempt}`;
    if (round !== this.#checkRound) this.#set({ checksDone: 0 });
    this.#checkRound = round;
    // Checks on the base commit run before the contract is proposed: how many there are is not known yet.
    const checksOf = where.site === "base" ? 0 : this.#contractChecks;
    const what = clip(checkTitle(check), SUMMARY_CHARS);
    this.#set({ check: { id: check.id, what, place: where.site, since: time }, checksOf, output: "" });
  }

  #remember(line: Activity): void {
    const lines = [...Object.values(this.#live.recent), line].slice(-RECENT);
    this.#set({ recent: Object.fromEntries(lines.map((one) => [String(one.seq), one])) });
  }

  #set(change: Partial<Live>): void {
    this.#live = { ...this.#live, ...change };
  }
}
