// The difference between two JSON values as a list of small operations, and how to apply one. Pure, and the same code on
// both sides of the webview's border: `applied(a, difference(a, b))` equals `b`.
import type { Json } from "./json";
import { either, list, number, shape, text, word, type Shape, type Shaped } from "./shape";

/** No key of ours is called so, and an object must not get another prototype. */
const KEY: Shape<string | number> = (value): value is string | number => (typeof value === "string" && value !== "__proto__") || number(value);
const PATH = list(KEY);
/** What came through a message is JSON already. */
const VALUE: Shape<Json> = (value): value is Json => value !== undefined;

export const OP = either(
  shape({ op: word("set"), path: PATH, value: VALUE }),
  /** Removes a key of an object. */
  shape({ op: word("drop"), path: PATH }),
  /** Shortens a list. */
  shape({ op: word("cut"), path: PATH, length: number }),
  /** Takes `drop` characters from a text's beginning and adds to its end: how the tail of a stream moves on. */
  shape({ op: word("slide"), path: PATH, drop: number, add: text }),
);

export type Op = Shaped<typeof OP>;
export type Path = Op["path"];

type Members = { readonly [key: string]: Json };

export function difference(before: Json, after: Json): readonly Op[] {
  const ops: Op[] = [];
  compare(before, after, [], ops);
  return ops;
}

function compare(before: Json | undefined, after: Json, path: Path, ops: Op[]): void {
  if (before === after) return;
  if (typeof before === "string" && typeof after === "string") ops.push(textChange(before, after, path));
  else if (isList(before) && isList(after)) compareLists(before, after, path, ops);
  else if (isMembers(before) && isMembers(after)) compareMembers(before, after, path, ops);
  else ops.push({ op: "set", path, value: after });
}

function compareLists(before: readonly Json[], after: readonly Json[], path: Path, ops: Op[]): void {
  if (after.length < before.length) ops.push({ op: "cut", path, length: after.length });
  for (const [index, item] of after.entries()) {
    if (index < before.length) compare(before[index], item, [...path, index], ops);
    else ops.push({ op: "set", path: [...path, index], value: item });
  }
}

function compareMembers(before: Members, after: Members, path: Path, ops: Op[]): void {
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) ops.push({ op: "drop", path: [...path, key] });
  for (const [key, value] of Object.entries(after)) {
    if (Object.hasOwn(before, key)) compare(before[key], value, [...path, key], ops);
    else ops.push({ op: "set", path: [...path, key], value });
  }
}

/** So much of the new text's beginning is looked for in the old one. */
const PROBE = 24;
/** Text that repeats itself could make the search long. */
const MOST_TRIES = 32;

function textChange(before: string, after: string, path: Path): Op {
  if (after.startsWith(before)) return { op: "slide", path, drop: 0, add: after.slice(before.length) };
  const probe = after.slice(0, PROBE);
  let at = probe.length < PROBE ? -1 : before.indexOf(probe);
  for (let tries = 0; at !== -1 && tries < MOST_TRIES; tries += 1, at = before.indexOf(probe, at + 1)) {
    if (after.startsWith(before.slice(at))) return { op: "slide", path, drop: at, add: after.slice(before.length - at) };
  }
  return { op: "set", path, value: after };
}

/** Parts that no operation names are the same objects as before. Throws a RangeError where an operation does not fit. */
export function applied(state: Json, ops: readonly Op[]): Json {
  const root = { value: state };
  const own = new Set<object>([root]);
  for (const { path, ...change } of ops) {
    const parent = path.slice(0, -1).reduce<Container>((at, key) => descend(at, key, own), descendTo(root, path, own));
    const key = path.at(-1) ?? "value";
    put(path.length === 0 ? root : parent, key, change);
  }
  return root.value;
}

type Container = Record<string, Json> | Json[];
type Change = Op extends infer One ? (One extends Op ? Omit<One, "path"> : never) : never;

/** Where a path begins: the root's own value, unless the path is the root itself. */
function descendTo(root: { value: Json }, path: Path, own: Set<object>): Container {
  return path.length === 0 ? root : descend(root, "value", own);
}

/** A copy to write into, made once however many operations go through it. */
function descend(parent: Container, key: string | number, own: Set<object>): Container {
  const child = childOf(parent, key);
  if (typeof child !== "object" || child === null) throw new RangeError(`There is nothing below ${String(key)}.`);
  if (own.has(child)) return child as Container;
  const copy: Container = isMembers(child) ? { ...child } : child.slice();
  own.add(copy);
  assign(parent, key, copy);
  return copy;
}

function put(parent: Container, key: string | number, change: Change): void {
  switch (change.op) {
    case "set":
      return assign(parent, key, change.value);
    case "drop":
      if (Array.isArray(parent) || !Object.hasOwn(parent, key)) throw new RangeError(`There is no ${String(key)} to drop.`);
      delete parent[key];
      return;
    case "cut": {
      const list = childOf(parent, key);
      if (!isList(list) || list.length < change.length) throw new RangeError(`${String(key)} is no list of ${change.length}.`);
      return assign(parent, key, list.slice(0, change.length));
    }
    case "slide": {
      const text = childOf(parent, key);
      if (typeof text !== "string" || text.length < change.drop) throw new RangeError(`${String(key)} is no text of ${change.drop}.`);
      return assign(parent, key, text.slice(change.drop) + change.add);
    }
  }
}

function childOf(parent: Container, key: string | number): Json | undefined {
  if (isList(parent)) return typeof key === "number" ? parent[key] : undefined;
  return Object.hasOwn(parent, key) ? parent[key] : undefined;
}

function assign(parent: Container, key: string | number, value: Json): void {
  if (!isList(parent)) parent[key] = value;
  else if (typeof key === "number" && key >= 0 && key <= parent.length) parent[key] = value;
  else throw new RangeError(`A list of ${parent.length} has no place ${String(key)}.`);
}

function isList(value: Json | undefined): value is Json[] {
  return Array.isArray(value);
}

function isMembers(value: Json | undefined): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
