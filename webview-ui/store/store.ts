// All that a page knows and can ask for. Components read signals; nothing else speaks with the extension.
import { batch, computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { taskKey, type DashboardState, type TaskDetail, type TaskRow } from "../../src/shared/dashboardState";
import type { Boot, Page, ToPage } from "../../src/shared/protocol";
import { nextHeld, type Held, type Numbered } from "../../src/shared/stateFold";
import { ActivityStore } from "./activityStore";
import { Commands } from "./commands";
import type { PageHost } from "./pageHost";
import { Kept } from "./kept";
import { Outputs } from "./outputs";
import { Requests } from "./requests";

export class Store {
  readonly kept: Kept;
  readonly commands: Commands;
  readonly outputs: Outputs;
  readonly activity: ActivityStore;
  readonly #requests = new Requests();
  readonly #held = signal<Held | null>(null);
  readonly #page: Signal<Page>;
  #isResyncing = false;
  /** The extension's clock minus this one, milliseconds. */
  #skew = 0;

  /** null until something has come. */
  readonly state: ReadonlySignal<DashboardState | null> = computed(() => this.#held.value?.state ?? null);
  readonly rows = computed(() => this.state.value?.rows ?? {});
  /** Of the task on the page. */
  readonly row: ReadonlySignal<TaskRow | null> = computed(() => {
    const page = this.#page.value;
    return page.kind === "task" ? (this.rows.value[taskKey(page)] ?? null) : null;
  });
  /** Of the task on the page; null until it has come. */
  readonly detail: ReadonlySignal<TaskDetail | null> = computed(() => {
    const page = this.#page.value;
    const detail = this.state.value?.detail ?? null;
    return page.kind === "task" && detail !== null && taskKey(detail) === taskKey(page) ? detail : null;
  });

  constructor(
    private readonly host: PageHost,
    boot: Boot | null,
  ) {
    this.kept = new Kept(host);
    this.commands = new Commands(host, this.#requests);
    this.outputs = new Outputs(host, this.#requests);
    this.activity = new ActivityStore(host, this.#requests);
    const isFirst = boot !== null && boot.id !== host.saved.boot;
    this.#page = signal(isFirst ? boot.snapshot.page : host.saved.page);
    // Loaded again, what the page was born with is of the past, but nearer to the truth than nothing.
    if (boot !== null) this.#take(boot.snapshot);
    host.keep({ boot: boot?.id ?? "", page: this.#page.value });
    host.listen((message) => this.#receive(message));
    host.say({ kind: "ready", page: this.#page.value, has: isFirst ? boot.snapshot.seq : null });
  }

  get page(): ReadonlySignal<Page> {
    return this.#page;
  }

  /** Now, on the extension's clock. */
  now(): number {
    return Date.now() + this.#skew;
  }

  go(page: Page): void {
    this.#show(page);
    this.host.say({ kind: "navigate", page });
  }

  painted(ms: number): void {
    this.host.say({ kind: "painted", ms });
  }

  failed(message: string): void {
    this.host.say({ kind: "failed", message });
  }

  #receive(message: ToPage): void {
    batch(() => {
      if ("seq" in message) this.#take(message);
      else if (message.kind === "show") this.go(message.page);
      else this.#requests.answer(message);
    });
  }

  #take(message: Numbered): void {
    const next = nextHeld(this.#held.peek(), message);
    if (next === null) return this.#resync();
    this.#held.value = next;
    if (message.kind === "logged") this.activity.news(message.ref, message.entries);
    if (message.kind !== "snapshot") return;
    this.#isResyncing = false;
    this.#skew = Date.parse(message.now) - Date.now();
    this.activity.renew();
  }

  #resync(): void {
    if (this.#isResyncing) return;
    this.#isResyncing = true;
    this.host.say({ kind: "resync" });
  }

  #show(page: Page): void {
    const before = this.#page.peek();
    batch(() => {
      if (page.kind === "overview" || before.kind === "overview" || taskKey(page) !== taskKey(before)) {
        this.activity.forget();
        this.outputs.forget();
      }
      this.#page.value = page;
      this.kept.keep({ page });
    });
  }
}
