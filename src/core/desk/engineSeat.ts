// The engine of a folder, taken while there is something to do and given up a while after, so that another window or the
// command line can work. Knows nothing of tasks.
import { CountersignError } from "../domain/errors";
import type { Clock } from "../ports/clock";
import type { DeskEngine } from "./deskPorts";

/** An idle owner gives the journal up after this, ms. */
export const IDLE_RELEASE_MS = 15_000;

export interface EngineSeatDeps {
  /** Rejects with `locked` while another process has the journal. */
  readonly take: () => Promise<DeskEngine>;
  /** The journal is ours: what others wrote before is to be read. Nothing is done with the engine before it resolves. */
  readonly onTaken: () => Promise<void>;
  /** It could not be taken, or was given up. */
  readonly onFree: () => void;
  /** It could not be given up in order; it is no longer ours all the same. */
  readonly onTrouble: (error: unknown) => void;
  readonly clock: Clock;
}

export class EngineSeat {
  #engine: Promise<DeskEngine> | null = null;
  /** The journal is given up before it is taken again. Never rejects. */
  #releasing: Promise<void> = Promise.resolve();
  readonly #working = new Set<Promise<unknown>>();
  #idle: { dispose(): void } | null = null;
  #isLeaving = false;
  #closed = false;

  constructor(private readonly deps: EngineSeatDeps) {}

  /** The journal is ours, is about to be, or is not quite given up. */
  get isTaken(): boolean {
    return this.#engine !== null || this.#isLeaving;
  }

  /** Has the engine for as long as `work` takes, and a while longer. Rejects with `locked` while another process has it. */
  async use<T>(work: (engine: DeskEngine) => Promise<T>): Promise<T> {
    if (this.#closed) throw new CountersignError("cancelled", "The folder is being closed. Nothing was started.");
    const mine = this.#own().then(work);
    this.#working.add(mine);
    let isBroken = false;
    try {
      return await mine;
    } catch (error) {
      // A journal that cannot be written stays so until it is opened anew.
      isBroken = CountersignError.is(error, "io");
      throw error;
    } finally {
      this.#working.delete(mine);
      if (this.#working.size === 0 && !this.#closed) this.#releaseAfter(isBroken ? 0 : IDLE_RELEASE_MS);
    }
  }

  /** Takes no more work, waits for what is under way, and gives the journal up. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#working);
    await this.#release();
  }

  async #own(): Promise<DeskEngine> {
    this.#idle?.dispose();
    this.#engine ??= this.#take();
    const taking = this.#engine;
    try {
      return await taking;
    } catch (error) {
      // Others that waited for it have failed, too; whoever has begun again since must not be robbed of theirs.
      if (this.#engine === taking) {
        this.#engine = null;
        this.deps.onFree();
      }
      throw error;
    }
  }

  async #take(): Promise<DeskEngine> {
    await this.#releasing;
    const engine = await this.deps.take();
    try {
      await this.deps.onTaken();
      return engine;
    } catch (error) {
      await engine.close().catch(this.deps.onTrouble);
      throw error;
    }
  }

  #releaseAfter(ms: number): void {
    this.#idle?.dispose();
    this.#idle = this.deps.clock.after(ms, () => {
      // `#release` never rejects, and nobody waits for it.
      if (this.#working.size === 0) this.#release().catch(this.deps.onTrouble);
    });
  }

  #release(): Promise<void> {
    this.#idle?.dispose();
    const engine = this.#engine;
    this.#engine = null;
    if (engine === null) return this.#releasing;
    this.#isLeaving = true;
    this.#releasing = engine
      .then((open) => open.close())
      .catch(this.deps.onTrouble)
      .then(() => {
        this.#isLeaving = false;
        this.deps.onFree();
      });
    return this.#releasing;
  }
}
