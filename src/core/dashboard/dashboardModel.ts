// The dashboard's state, made anew only where something has changed: parts that have not are the same objects as before.
import { taskKey, type DashboardState, type TaskDetail, type TaskRow } from "../../shared/dashboardState";
import type { Page } from "../../shared/protocol";
import { situationOf } from "../desk/taskSituation";
import type { TaskId } from "../domain/task";
import { STATE_NAMES } from "../projections/taskState";
import type { TaskView } from "../projections/taskView";
import type { Clock } from "../ports/clock";
import type { DashboardDesk, DashboardSource, SourceChange } from "./dashboardSource";
import { DayCosts } from "./dayCosts";
import { LiveSeat } from "./liveSeat";
import { RowTable } from "./rowTable";
import { detailOf } from "./taskDetail";

export interface ModelDeps {
  readonly source: DashboardSource;
  readonly clock: Pick<Clock, "after" | "now" | "sleep">;
  /** There is something new to show. */
  readonly onChange: () => void;
  readonly onTrouble: (error: unknown) => void;
}

export class DashboardModel {
  readonly #rows: RowTable;
  readonly #costs: DayCosts;
  #page: Page = { kind: "overview" };
  #seat: LiveSeat | null = null;
  #detail: TaskDetail | null = null;
  #isDetailStale = true;

  constructor(private readonly deps: ModelDeps) {
    const { source, clock, onChange, onTrouble } = deps;
    this.#rows = new RowTable(() => source.desks());
    this.#costs = new DayCosts({ desks: () => source.desks(), clock, onChange, onTrouble });
  }

  get page(): Page {
    return this.#page;
  }

  show(page: Page): void {
    const isSameTask = page.kind === "task" && this.#page.kind === "task" && taskKey(page) === taskKey(this.#page);
    this.#page = page;
    if (isSameTask) return;
    this.#seat = null;
    this.#isDetailStale = true;
  }

  /** Everything may have changed while nobody looked. */
  reset(): void {
    this.#rows.reset();
    this.#seat = null;
    this.#isDetailStale = true;
  }

  /** Reads what the page's days have cost, which takes a database and what it has missed. */
  readCosts(): void {
    if (this.#page.kind === "overview") this.#costs.refresh();
    else this.#costs.stop();
  }

  stop(): void {
    this.#costs.stop();
    this.#seat = null;
  }

  note(change: SourceChange): void {
    if (change.kind === "folders") {
      this.reset();
      return this.readCosts();
    }
    const { desk, change: what } = change;
    this.#rows.note(desk, what);
    if (this.#page.kind === "overview") {
      if (what.kind === "event" && (what.event.kind === "turnCompleted" || what.event.kind === "callFailed")) this.#costs.refreshSoon();
      return;
    }
    if (desk.root !== this.#page.root) return;
    if (what.kind === "reset") this.#seat = null;
    if ((what.kind === "event" || what.kind === "live") && what.event.task !== this.#page.task) return;
    this.#seat?.note(what);
    this.#isDetailStale = true;
  }

  state(): DashboardState {
    const { source } = this.deps;
    return {
      place: source.place(),
      troubles: source.troubles(),
      limits: source.limits(),
      stateNames: STATE_NAMES,
      folders: Object.fromEntries(source.desks().map((desk) => [desk.root, this.#folder(desk)])),
      rows: this.#rows.rows(),
      left: 0,
      days: this.#costs.days,
      detail: this.#currentDetail(),
    };
  }

  #folder(desk: DashboardDesk): DashboardState["folders"][string] {
    const { ownership, queue, root } = desk;
    return {
      name: this.deps.source.folderName(root),
      owner: ownership.kind === "theirs" ? ownership.owner : null,
      held: queue.isHeld && queue.waiting().length > 0,
    };
  }

  #currentDetail(): TaskDetail | null {
    if (!this.#isDetailStale) return this.#detail;
    this.#isDetailStale = false;
    this.#detail = this.#makeDetail();
    return this.#detail;
  }

  #makeDetail(): TaskDetail | null {
    const page = this.#page;
    if (page.kind === "overview") return null;
    const desk = this.deps.source.desks().find(({ root }) => root === page.root);
    const view = desk?.task(page.task as TaskId);
    if (desk === undefined || view === undefined) return null;
    const situation = situationOf(desk, view);
    return detailOf(view, { root: desk.root, situation, live: this.#seatFor(desk, view, situation.isInterrupted)?.current ?? null });
  }

  /** A place to watch from, for as long as somebody works on the task. */
  #seatFor(desk: DashboardDesk, view: TaskView, isInterrupted: boolean): LiveSeat | null {
    if (view.status !== "running" || isInterrupted) {
      this.#seat = null;
      return null;
    }
    const { clock, onTrouble } = this.deps;
    const onChange = (): void => {
      this.#isDetailStale = true;
      this.deps.onChange();
    };
    this.#seat ??= new LiveSeat(desk, view.request.id, { clock, onChange, onTrouble });
    return this.#seat;
  }
}

/** The state with the newest tasks only, and the count of the others. */
export function newestOf(state: DashboardState, most: number): DashboardState {
  const rows = Object.entries(state.rows);
  if (rows.length <= most) return state;
  const newest = rows.toSorted(([, a], [, b]) => byTime(b, a)).slice(0, most);
  return { ...state, rows: Object.fromEntries(newest), left: rows.length - most };
}

function byTime(a: TaskRow, b: TaskRow): number {
  return a.updatedAt < b.updatedAt ? -1 : Number(a.updatedAt > b.updatedAt);
}
