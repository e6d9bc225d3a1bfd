// The page's side of the border: what it says goes through here, what it is told is read before anybody sees it.
import { messageToPage, type ToHost, type ToPage } from "../src/shared/protocol";
import type { PageHost } from "./store/pageHost";
import { NOTHING_SAVED, savedFrom, type Saved } from "../src/shared/savedState";

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** Scrolling changes what is kept many times a second. */
const SAVE_MS = 200;

export class Host implements PageHost {
  readonly #api = acquireVsCodeApi();
  #saved: Saved;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor() {
    this.#saved = savedFrom(this.#api.getState()) ?? NOTHING_SAVED;
    // Whatever waits is kept before the page goes.
    window.addEventListener("pagehide", () => this.#save());
  }

  get saved(): Saved {
    return this.#saved;
  }

  keep(change: Partial<Saved>): void {
    this.#saved = { ...this.#saved, ...change };
    this.#save();
  }

  keepSoon(change: Partial<Saved>): void {
    this.#saved = { ...this.#saved, ...change };
    this.#timer ??= setTimeout(() => this.#save(), SAVE_MS);
  }

  say(message: ToHost): void {
    this.#api.postMessage(message);
  }

  listen(listener: (message: ToPage) => void): void {
    window.addEventListener("message", (event: MessageEvent<unknown>) => {
      const message = messageToPage(event.data);
      if (message === null) this.say({ kind: "failed", message: `A message could not be read: ${JSON.stringify(event.data)?.slice(0, 200)}` });
      else listener(message);
    });
  }

  #save(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#api.setState(this.#saved);
  }
}
