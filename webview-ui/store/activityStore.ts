// The activity of the task on the page: asks for it piece by piece, takes what is told live.
import { signal, type ReadonlySignal } from "@preact/signals";
import type { ActivityFilter } from "../../src/shared/activityFilter";
import type { Activity } from "../../src/shared/dashboardState";
import type { Ref } from "../../src/shared/protocol";
import { withNewest, withNews, withOlder, type ActivityLog } from "./activityLog";
import type { PageHost } from "./pageHost";
import type { Requests } from "./requests";

export class ActivityStore {
  readonly #log = signal<ActivityLog | null>(null);
  /** What is shown, or will be as soon as it has come. */
  #wanted: { readonly ref: Ref; readonly filter: ActivityFilter } | null = null;
  #isLoadingOlder = false;
  /** The last one for the newest: one that another has replaced is never answered. */
  #request = 0;

  constructor(
    private readonly host: Pick<PageHost, "say">,
    private readonly requests: Requests,
  ) {}

  /** null while the first piece is on its way. */
  get log(): ReadonlySignal<ActivityLog | null> {
    return this.#log;
  }

  /** Shows what matches, from the newest on; what is there already stays and is completed. */
  show({ root, task }: Ref, filter: ActivityFilter): void {
    const known = this.#log.peek();
    const isKnown = known !== null && known.filter === filter && this.#wanted?.ref.task === task && this.#wanted.ref.root === root;
    const wanted = { ref: { root, task }, filter };
    this.#wanted = wanted;
    this.#isLoadingOlder = false;
    this.requests.drop(this.#request);
    this.#request = this.requests.expect((answer) => {
      if (answer.kind === "activity" && this.#wanted === wanted) this.#log.value = withNewest(isKnown ? this.#log.peek() : null, filter, answer);
    });
    this.host.say({ kind: "activity", request: this.#request, ref: wanted.ref, before: null, after: isKnown ? known.upTo : null, filter });
  }

  /** Asks for what lies before what is there; does nothing where that is all. */
  showOlder(): void {
    const log = this.#log.peek();
    const wanted = this.#wanted;
    if (log === null || wanted === null || log.from === 0 || this.#isLoadingOlder) return;
    this.#isLoadingOlder = true;
    const request = this.requests.expect((answer) => {
      const now = this.#log.peek();
      if (answer.kind !== "activity" || this.#wanted !== wanted || now === null) return;
      this.#isLoadingOlder = false;
      this.#log.value = withOlder(now, answer);
    });
    this.host.say({ kind: "activity", request, ref: wanted.ref, before: log.from + 1, after: null, filter: wanted.filter });
  }

  news(ref: Ref, entries: readonly Activity[]): void {
    const log = this.#log.peek();
    if (log !== null && this.#wanted?.ref.task === ref.task && this.#wanted.ref.root === ref.root) this.#log.value = withNews(log, entries);
  }

  /** Nothing was told for a while: what came meanwhile is asked for. */
  renew(): void {
    if (this.#wanted !== null) this.show(this.#wanted.ref, this.#wanted.filter);
  }

  forget(): void {
    this.#log.value = null;
    this.#wanted = null;
  }
}
