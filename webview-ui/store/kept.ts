// What the page keeps of itself: filters, what is open, where it was scrolled to. Components read it as a signal.
import { signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { Saved, TaskFilter } from "../../src/shared/savedState";
import type { PageHost } from "./pageHost";

export class Kept {
  readonly #saved: Signal<Saved>;

  constructor(private readonly host: Pick<PageHost, "saved" | "keep" | "keepSoon">) {
    this.#saved = signal(host.saved);
  }

  get saved(): ReadonlySignal<Saved> {
    return this.#saved;
  }

  keep(change: Partial<Saved>): void {
    this.host.keep(change);
    this.#saved.value = this.host.saved;
  }

  filterTasks(change: Partial<TaskFilter>): void {
    this.keep({ tasks: { ...this.host.saved.tasks, ...change } });
  }

  isOpen(name: string, fallback: boolean): boolean {
    return this.#saved.value.open[name] ?? fallback;
  }

  setOpen(name: string, isOpen: boolean): void {
    this.keep({ open: { ...this.host.saved.open, [name]: isOpen } });
  }

  scrollOf(place: string): number {
    return this.host.saved.scroll[place] ?? 0;
  }

  /** Nothing is drawn for it. */
  keepScroll(place: string, top: number): void {
    this.host.keepSoon({ scroll: { ...this.host.saved.scroll, [place]: Math.round(top) } });
  }
}
