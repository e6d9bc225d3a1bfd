// Puts what several contexts know into one: each path once, errors that say the same together, what is known of each
// dependency in one place. Nothing is lost: every error can be written again as it was. Pure.
import { maskOf, normalised, volatileSegments, type Segment } from "./fingerprint";

export interface MergeableContext {
  readonly paths: readonly string[];
  /** Messages as tools gave them. */
  readonly errors: readonly string[];
  readonly dependencies: readonly DependencyInfo[];
}

export interface DependencyInfo {
  readonly id: string;
  /** What is known of it: results, files, decisions. */
  readonly facts: readonly string[];
}

/** Errors that differ only in places, times, durations, addresses and temporary paths. */
export interface ErrorGroup {
  /** The first one, as it was. */
  readonly message: string;
  readonly count: number;
  /** What is the same in all: texts, and null for what differs. */
  readonly template: readonly (string | null)[];
  /** For each different one, what stands in place of the nulls, in order; and how often it occurred. */
  readonly occurrences: readonly { readonly values: readonly string[]; readonly count: number }[];
}

export interface MergedContext {
  /** In the order in which they first occur. */
  readonly paths: readonly string[];
  readonly errors: readonly ErrorGroup[];
  readonly dependencies: readonly DependencyInfo[];
}

export function mergeContexts(contexts: readonly MergeableContext[]): MergedContext {
  const dependencies = new Map<string, Map<string, string>>();
  for (const { id, facts } of contexts.flatMap((context) => context.dependencies)) {
    const known = dependencies.get(id) ?? new Map<string, string>();
    for (const fact of facts) if (!known.has(normalised(fact))) known.set(normalised(fact), fact);
    dependencies.set(id, known);
  }
  return {
    paths: [...new Set(contexts.flatMap(({ paths }) => paths.map(plainPath)))],
    errors: groupErrors(contexts.flatMap(({ errors }) => errors)),
    dependencies: [...dependencies].map(([id, facts]) => ({ id, facts: [...facts.values()] })),
  };
}

/** In the order of each group's first message. */
export function groupErrors(messages: readonly string[]): readonly ErrorGroup[] {
  const groups = new Map<string, { readonly segments: readonly Segment[]; readonly message: string; readonly values: Map<string, number> }>();
  for (const message of messages) {
    const segments = volatileSegments(message);
    const shape = JSON.stringify(segments.map(maskOf));
    const group = groups.get(shape) ?? { segments, message, values: new Map<string, number>() };
    const values = JSON.stringify(segments.filter(({ kind }) => kind !== "text").map(({ text }) => text));
    group.values.set(values, (group.values.get(values) ?? 0) + 1);
    groups.set(shape, group);
  }
  return [...groups.values()].map(({ segments, message, values }) => ({
    message,
    count: [...values.values()].reduce((sum, count) => sum + count, 0),
    template: segments.map(({ kind, text }) => (kind === "text" ? text : null)),
    occurrences: [...values].map(([list, count]) => ({ values: JSON.parse(list) as string[], count })),
  }));
}

/** The messages of a group as they were, each as often as it occurred. */
export function messagesOf({ template, occurrences }: ErrorGroup): readonly string[] {
  return occurrences.flatMap(({ values, count }) => {
    const rest = values.values();
    const message = template.map((part) => part ?? rest.next().value ?? "").join("");
    return Array.from({ length: count }, () => message);
  });
}

/** `./a//b.ts` and `a/b.ts` are one file; `..` is left alone, as links may make it mean something else. */
function plainPath(path: string): string {
  const plain = path.replaceAll(/\/{2,}/g, "/").replaceAll(/(^|\/)(?:\.\/)+/g, "$1");
  return plain === "" ? "." : plain;
}
