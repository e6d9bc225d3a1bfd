// Says whether a value from the other side has the shape that was agreed on, and gives it its type. A hundredth of a
// validation library, and it copies nothing: it is read before the page is seen, and looks at thousands of tasks at once.

/** Pure, and never throws. Members that it does not know do not matter to it. */
export type Shape<T> = (value: unknown) => value is T;

export type Shaped<S> = S extends Shape<infer T> ? T : never;

export const text: Shape<string> = (value) => typeof value === "string";
/** No JSON holds any other. */
export const number: Shape<number> = (value): value is number => typeof value === "number" && Number.isFinite(value);
export const flag: Shape<boolean> = (value) => typeof value === "boolean";

export function word<const T extends string>(one: T): Shape<T> {
  return (value): value is T => value === one;
}

export function oneOf<const T extends string>(words: readonly T[]): Shape<T> {
  return (value): value is T => words.some((word) => word === value);
}

export function nullable<T>(inner: Shape<T>): Shape<T | null> {
  return (value): value is T | null => value === null || inner(value);
}

export function list<T>(item: Shape<T>): Shape<readonly T[]> {
  return (value): value is readonly T[] => Array.isArray(value) && value.every(item);
}

/** An object whose keys are data. */
export function table<T>(member: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return (value): value is Readonly<Record<string, T>> => isObject(value) && Object.values(value).every(member);
}

type Members = Readonly<Record<string, Shape<unknown>>>;

/** An object with these members. The first one is looked at first: where there are variants it should tell them apart. */
export function shape<M extends Members>(members: M): Shape<{ readonly [K in keyof M]: Shaped<M[K]> }> {
  const entries = Object.entries(members);
  return (value): value is { readonly [K in keyof M]: Shaped<M[K]> } => isObject(value) && entries.every(([name, has]) => has(value[name]));
}

export function either<S extends readonly Shape<unknown>[]>(...variants: S): Shape<Shaped<S[number]>> {
  return (value): value is Shaped<S[number]> => variants.some((is) => is(value));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
