// What the page can do beyond itself: speak with the extension, and keep a little across reloads.
import type { ToHost, ToPage } from "../../src/shared/protocol";
import type { Saved } from "../../src/shared/savedState";

export interface PageHost {
  readonly saved: Saved;
  keep(change: Partial<Saved>): void;
  /** The same, a moment later, for what changes all the time: the last moment before a reload may be lost. */
  keepSoon(change: Partial<Saved>): void;
  say(message: ToHost): void;
  /** Messages have been read already: nothing else comes. */
  listen(listener: (message: ToPage) => void): void;
}
