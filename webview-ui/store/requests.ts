// Pairs what the page asks for with the answers that come, by a number.
import type { ToPage } from "../../src/shared/protocol";

export type Answer = Extract<ToPage, { readonly request: number }>;

export class Requests {
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #last = 0;

  /** The number to ask with. */
  expect(onAnswer: (answer: Answer) => void): number {
    this.#last += 1;
    this.#waiting.set(this.#last, onAnswer);
    return this.#last;
  }

  /** Nobody waits for the answer any more. */
  drop(request: number): void {
    this.#waiting.delete(request);
  }

  /** An answer that nobody waits for is dropped. */
  answer(answer: Answer): void {
    const waiting = this.#waiting.get(answer.request);
    this.#waiting.delete(answer.request);
    waiting?.(answer);
  }
}
