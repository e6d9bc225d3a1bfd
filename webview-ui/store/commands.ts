// What a person does here is done by the extension: each call says so, and knows whether the last one has ended.
import { signal } from "@preact/signals";
import { taskKey, type DocumentName } from "../../src/shared/dashboardState";
import type { GlobalAction, PageAction, Ref, ToHost } from "../../src/shared/protocol";
import type { PageHost } from "./pageHost";
import type { Requests } from "./requests";

export class Commands {
  readonly #busy = signal<ReadonlySet<string>>(new Set());

  constructor(
    private readonly host: Pick<PageHost, "say">,
    private readonly requests: Requests,
  ) {}

  isBusy(action: string, ref: Ref | null): boolean {
    return this.#busy.value.has(nameOf(action, ref));
  }

  act(ref: Ref, action: PageAction, session: string | null = null): void {
    this.#run(nameOf(action, ref), (request) => ({ kind: "act", request, ref: plain(ref), action, session }));
  }

  actGlobally(action: GlobalAction): void {
    this.#run(nameOf(action, null), (request) => ({ kind: "actGlobally", request, action }));
  }

  openDocument(ref: Ref, document: DocumentName): void {
    this.host.say({ kind: "openDocument", ref: plain(ref), document });
  }

  openChange(ref: Ref, attempt: number, path: string): void {
    this.host.say({ kind: "openChange", ref: plain(ref), attempt, path });
  }

  openOutput(ref: Ref, attempt: number, check: string): void {
    this.host.say({ kind: "openOutput", ref: plain(ref), attempt, check });
  }

  #run(name: string, message: (request: number) => ToHost): void {
    if (this.#busy.value.has(name)) return;
    this.#busy.value = new Set([...this.#busy.value, name]);
    const request = this.requests.expect(() => {
      this.#busy.value = new Set([...this.#busy.value].filter((other) => other !== name));
    });
    this.host.say(message(request));
  }
}

function nameOf(action: string, ref: Ref | null): string {
  return ref === null ? action : `${action} ${taskKey(ref)}`;
}

/** Rows and details are references, too, with much more in them. */
function plain({ root, task }: Ref): Ref {
  return { root, task };
}
