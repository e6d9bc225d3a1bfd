// Which optional features of the Messages API a request may use: by the model's family, and less where a server has
// refused one. No model list: a family rule, so that a new model of a known family needs no change.

/** `format`: structured output; `cache`: prompt caching; `thinking`: adaptive thinking; `effort`: output_config.effort. */
export type Feature = "format" | "cache" | "thinking" | "effort";

const ALL: readonly Feature[] = ["format", "cache", "thinking", "effort"];

/** What the model takes. A model of no known family gets what a server may refuse with a clear error, and no more. */
export function featuresOf(model: string): ReadonlySet<Feature> {
  const [, family, major = "", minor = "0"] = /(?:^|[/.:])claude-(opus|sonnet|haiku|fable|mythos)-(preview|\d+)(?:-(\d{1,2})(?!\d))?/.exec(model) ?? [];
  if (family === undefined) return new Set(["format", "cache"]);
  const version = major === "preview" ? 5 : Number(major) + Number(minor) / 10;
  // Sources: the SDK's model list, the providers' pages on adaptive thinking, effort and structured output.
  if (version >= 4.6) return new Set(ALL);
  if (version >= 4.5) return new Set(family === "opus" ? ["format", "cache", "effort"] : ["format", "cache"]);
  return new Set(["cache"]);
}

/**
 * The features that a server's refusal of a request names, of those the request used. A complaint about a message of
 * the conversation names none: leaving a feature out would not mend it.
 */
export function refusedFeatures(complaint: string, used: ReadonlySet<Feature>): readonly Feature[] {
  if (/^messages[.[]\d/.test(complaint) && !/cache_control/.test(complaint)) return [];
  const named = new Set<Feature>();
  if (/cache_control|prompt caching/i.test(complaint)) named.add("cache");
  if (/\bthinking\b/i.test(complaint)) named.add("thinking");
  if (/\beffort\b/i.test(complaint)) named.add("effort");
  if (/output_config\.format|output_format|json_schema|structured output/i.test(complaint)) named.add("format");
  // The whole of output_config is unknown there.
  if (/output_config/i.test(complaint) && !named.has("effort") && !named.has("format")) named.add("format").add("effort");
  return ALL.filter((feature) => named.has(feature) && used.has(feature));
}
