// Feeds one page: a snapshot first, then small deltas, a few times a second at most, only while the page is there.
// Knows no editor: what it says goes to `post`, what the page says comes in through its methods.
import { batchesOf, jsonBytes } from "../../shared/batches";
import { taskKey, type DashboardState } from "../../shared/dashboardState";
import { difference } from "../../shared/patch";
import { DELTA_BYTES, type Page, type ToPage } from "../../shared/protocol";
import type { Clock } from "../ports/clock";
import { ActivityFeed, type ActivityRequest } from "./activityFeed";
import { DashboardModel, newestOf } from "./dashboardModel";
import type { DashboardSource, SourceChange } from "./dashboardSource";

/** Changes are gathered for this long: two frames. */
export const FLUSH_MS = 33;
/** Tasks in the state that a page is born with. */
const BOOT_ROWS = 100;

export type Snapshot = Extract<ToPage, { readonly kind: "snapshot" }>;

export interface FeedDeps {
  readonly source: DashboardSource;
  readonly clock: Pick<Clock, "after" | "now" | "sleep">;
  readonly post: (message: ToPage) => void;
  readonly onTrouble: (error: unknown) => void;
}

export class DashboardFeed {
  readonly #model: DashboardModel;
  readonly #activity: ActivityFeed;
  readonly #subscription: { dispose(): void };
  /** What the page holds; null while there is none to hold it. */
  #sent: DashboardState | null = null;
  #isThere = false;
  #seq = 0;
  #timer: { dispose(): void } | null = null;

  constructor(private readonly deps: FeedDeps) {
    this.#model = new DashboardModel({ ...deps, onChange: () => this.#flushSoon() });
    this.#activity = new ActivityFeed(deps.clock);
    this.#subscription = deps.source.onChange((change) => this.#note(change));
  }

  get page(): Page {
    return this.#model.page;
  }

  /** What a page is born with: what is known without a wait. It goes on from there when it says so. */
  boot(page: Page): Snapshot {
    this.pause();
    this.#model.show(page);
    this.#model.reset();
    this.#sent = newestOf(this.#model.state(), BOOT_ROWS);
    return this.#snapshot(this.#sent);
  }

  /** The page runs. `has`: the number of the snapshot that it was born with, if it still counts. */
  begin(page: Page, has: number | null): void {
    const goesOn = this.#sent !== null && this.#sent.left === 0 && has === this.#seq && isSamePage(page, this.page);
    this.#isThere = true;
    this.#model.show(page);
    this.#model.readCosts();
    // Changes were noted since the boot.
    if (goesOn) return this.#flush();
    this.#model.reset();
    this.#sendSnapshot();
  }

  /** A message got lost. */
  resync(): void {
    this.#sendSnapshot();
  }

  navigate(page: Page): void {
    if (!this.#isThere) return;
    this.#model.show(page);
    this.#model.readCosts();
    if (page.kind !== "task" || page.tab !== "activity") this.#activity.stop();
    this.#flush();
  }

  /** Answers with `activity`, then tells what is new for as long as the activity is shown. */
  async activity(request: ActivityRequest): Promise<void> {
    const desk = this.deps.source.desks().find(({ root }) => root === request.ref.root);
    const answer = desk === undefined ? null : await this.#activity.answer(request, desk);
    if (answer !== null && this.#isThere) this.deps.post(answer);
    this.#flushSoon();
  }

  /** The page is hidden or gone: nothing is made or sent until another one begins. */
  pause(): void {
    this.#isThere = false;
    this.#sent = null;
    this.#timer?.dispose();
    this.#timer = null;
    this.#model.stop();
    this.#activity.stop();
  }

  dispose(): void {
    this.pause();
    this.#subscription.dispose();
  }

  #note(change: SourceChange): void {
    // Nobody looks; whoever begins to gets everything anew.
    if (this.#sent === null) return;
    this.#model.note(change);
    if (change.kind === "desk") this.#activity.note(change.desk, change.change);
    this.#flushSoon();
  }

  #flushSoon(): void {
    if (!this.#isThere) return;
    this.#timer ??= this.deps.clock.after(FLUSH_MS, () => this.#flush());
  }

  #flush(): void {
    this.#timer?.dispose();
    this.#timer = null;
    if (this.#sent === null || !this.#isThere) return;
    const state = this.#model.state();
    const batches = batchesOf(difference(this.#sent, state), DELTA_ROOM);
    this.#sent = state;
    for (const [index, ops] of batches.entries()) this.deps.post({ kind: "delta", seq: ++this.#seq, more: index < batches.length - 1, ops });
    for (const news of this.#activity.news()) this.deps.post({ kind: "logged", seq: ++this.#seq, ...news });
  }

  #sendSnapshot(): void {
    if (!this.#isThere) return;
    this.#sent = this.#model.state();
    this.deps.post(this.#snapshot(this.#sent));
  }

  #snapshot(state: DashboardState): Snapshot {
    return { kind: "snapshot", seq: ++this.#seq, now: new Date(this.deps.clock.now()).toISOString(), page: this.page, state };
  }
}

const DELTA_ROOM = DELTA_BYTES - jsonBytes({ kind: "delta", seq: Number.MAX_SAFE_INTEGER, more: false, ops: [] });

function isSamePage(a: Page, b: Page): boolean {
  if (a.kind === "overview" || b.kind === "overview") return a.kind === b.kind;
  return taskKey(a) === taskKey(b);
}
