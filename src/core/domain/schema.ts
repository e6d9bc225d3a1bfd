// One source for what is validated and what a model is told: a zod schema and the JSON Schema printed from it.
import * as z from "zod/mini";
import english from "zod/v4/locales/en.js";

export type PlainSchema = { readonly [key: string]: unknown };

/** Keywords that structured output of the model API refuses; zod still checks them afterwards. */
const UNSUPPORTED = new Set([
  "$schema",
  "minLength",
  "maxLength",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "minItems",
  "maxItems",
  "pattern",
  "default",
]);

/** The JSON Schema of a zod schema, without what the model API refuses, objects closed. */
export function jsonSchemaOf(schema: z.ZodMiniType): PlainSchema {
  return strip(z.toJSONSchema(schema, { io: "input" })) as PlainSchema;
}

function strip(value: unknown, isPropertyMap = false): unknown {
  if (Array.isArray(value)) return value.map((item) => strip(item));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value)
    .filter(([key]) => isPropertyMap || !UNSUPPORTED.has(key))
    .map(([key, child]) => [key, strip(child, key === "properties" && !isPropertyMap)] as const);
  return Object.fromEntries(entries);
}

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly string[] };

/** Validates unknown data; problems name the place and what is wrong, one a line. */
export function parseWith<T>(schema: z.ZodMiniType<T>, data: unknown): Parsed<T> {
  // zod/mini carries no texts of its own: without a locale every problem reads "Invalid input".
  const result = schema.safeParse(data, { error: english().localeError });
  if (result.success) return { ok: true, value: result.data };
  const problems = result.error.issues.map((issue) => {
    const place = issue.path.map(String).join(".");
    return place === "" ? issue.message : `${place}: ${issue.message}`;
  });
  return { ok: false, problems };
}
