// Waits for something that may never come: until it is cancelled, or silent for too long.

export interface Patience {
  readonly signal: AbortSignal;
  /** The longest silence, ms. */
  readonly idleMs: number;
}

/** Why a wait was given up. */
export class GivenUp extends Error {
  constructor(readonly reason: "cancelled" | "silent") {
    super(reason);
    this.name = "GivenUp";
  }
}

/** What `work` comes to; rejects with GivenUp. What it still does after that is of no interest to anybody. */
export function patiently<T>(work: () => PromiseLike<T>, { signal, idleMs }: Patience): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    if (signal.aborted) return reject(new GivenUp("cancelled"));
    const onAbort = (): void => giveUp("cancelled");
    const timer = setTimeout(() => giveUp("silent"), idleMs);
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    };
    const giveUp = (reason: GivenUp["reason"]): void => {
      end();
      reject(new GivenUp(reason));
    };
    signal.addEventListener("abort", onAbort, { once: true });
    // A throw of `work` itself becomes a rejection, too.
    Promise.resolve()
      .then(work)
      .then(resolve, reject)
      .finally(end)
      .catch(reject);
  });
}

/** The items of `source`, each waited for like that. Whoever leaves ends the source. */
export async function* eachPatiently<T>(source: AsyncIterable<T>, patience: Patience): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  let isOver = false;
  try {
    for (;;) {
      const next = await patiently(() => iterator.next(), patience);
      isOver = next.done === true;
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    // Not awaited: a source that hangs would hang its end as well.
    if (!isOver) iterator.return?.(undefined).then(nothing, nothing);
  }
}

function nothing(): void {}
