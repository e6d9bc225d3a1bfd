// JSON values as types, and the deep readonly form in which view models are handed around. Types only.

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What a schema infers, readonly all the way down. Free-form JSON is readonly already. */
export type Frozen<T> = Json extends T
  ? T
  : T extends (infer Item)[]
    ? readonly Frozen<Item>[]
    : T extends object
      ? { readonly [K in keyof T]: Frozen<T[K]> }
      : T;
