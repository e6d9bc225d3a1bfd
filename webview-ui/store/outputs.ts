// Outputs of checks, fetched when somebody opens one, and forgotten with the task.
import { signal } from "@preact/signals";
import type { Ref } from "../../src/shared/protocol";
import type { PageHost } from "./pageHost";
import type { Requests } from "./requests";

/** `text` is null where there is none any more. */
export type Output = { readonly kind: "loading" } | { readonly kind: "loaded"; readonly text: string | null };

export class Outputs {
  readonly #known = signal<Readonly<Record<string, Output>>>({});

  constructor(
    private readonly host: Pick<PageHost, "say">,
    private readonly requests: Requests,
  ) {}

  of(attempt: number, check: string): Output | undefined {
    return this.#known.value[`${attempt} ${check}`];
  }

  /** Asks once. */
  fetch({ root, task }: Ref, attempt: number, check: string): void {
    const name = `${attempt} ${check}`;
    if (this.#known.peek()[name] !== undefined) return;
    const request = this.requests.expect((answer) => {
      if (answer.kind === "output" && this.#known.peek()[name] !== undefined) this.#set(name, { kind: "loaded", text: answer.text });
    });
    this.#set(name, { kind: "loading" });
    this.host.say({ kind: "output", request, ref: { root, task }, attempt, check });
  }

  forget(): void {
    this.#known.value = {};
  }

  #set(name: string, output: Output): void {
    this.#known.value = { ...this.#known.peek(), [name]: output };
  }
}
