// A sequence of questions that a person can go back in. Pure: it knows the order and not how a question is asked.

/** What one question came to. `left`: with what was known then, so that nothing typed is lost. */
export type Answer<S> = { readonly kind: "next"; readonly state: S } | { readonly kind: "back"; readonly state: S } | { readonly kind: "left"; readonly state: S };

export interface Place {
  /** 1-based, of the questions that are asked with what is known so far. */
  readonly step: number;
  readonly of: number;
  readonly canGoBack: boolean;
}

export interface Step<S> {
  /** Whether it is asked at all, with what is known so far. */
  readonly applies: (state: S) => boolean;
  readonly ask: (state: S, place: Place) => Promise<Answer<S>>;
}

export type Outcome<S> = { readonly kind: "done"; readonly state: S } | { readonly kind: "left"; readonly state: S };

/** Asks one after the other. Going back keeps what was answered since. */
export async function askInOrder<S>(steps: readonly Step<S>[], start: S): Promise<Outcome<S>> {
  let state = start;
  let index = following(steps, state, -1);
  while (index < steps.length) {
    const step = steps[index];
    if (step === undefined) break;
    const answer = await step.ask(state, placeOf(steps, state, index));
    state = answer.state;
    if (answer.kind === "left") return { kind: "left", state };
    index = answer.kind === "next" ? following(steps, state, index) : (preceding(steps, state, index) ?? index);
  }
  return { kind: "done", state };
}

function placeOf<S>(steps: readonly Step<S>[], state: S, index: number): Place {
  const isAsked = (step: Step<S>, at: number): boolean => at === index || step.applies(state);
  const step = steps.slice(0, index + 1).filter(isAsked).length;
  return { step, of: steps.filter(isAsked).length, canGoBack: preceding(steps, state, index) !== null };
}

function following<S>(steps: readonly Step<S>[], state: S, index: number): number {
  const next = steps.findIndex((step, at) => at > index && step.applies(state));
  return next === -1 ? steps.length : next;
}

function preceding<S>(steps: readonly Step<S>[], state: S, index: number): number | null {
  const before = steps.slice(0, index).findLastIndex((step) => step.applies(state));
  return before === -1 ? null : before;
}
