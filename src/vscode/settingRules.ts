// What a setting may be, as the manifest says: the same rules by which the settings editor underlines a value. Pure.

/** The part of JSON Schema that the manifest uses. */
export interface SettingRule {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly pattern?: string;
  readonly patternErrorMessage?: string;
  readonly items?: SettingRule;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, SettingRule>>;
  readonly additionalProperties?: SettingRule | boolean;
  readonly default?: unknown;
}

/** The rules of every setting by its whole name; the manifest is an extension's own package.json. */
export function settingRules(manifest: unknown): ReadonlyMap<string, SettingRule> {
  const contributes = fieldOf(manifest, "contributes");
  const groups = fieldOf(contributes, "configuration");
  const list = Array.isArray(groups) ? (groups as readonly unknown[]) : [groups];
  return new Map(list.flatMap((group) => Object.entries(recordOf(fieldOf(group, "properties"))).map(([name, rule]) => [name, recordOf(rule)] as const)));
}

/** null: the value can be used. Else what it must be, as the end of a sentence: "must be at least 1". */
export function problemWith(rule: SettingRule, value: unknown): string | null {
  const types = rule.type === undefined ? [] : typeof rule.type === "string" ? [rule.type] : rule.type;
  if (types.length > 0 && !types.some((type) => isOfType(type, value))) return `must be ${types.map(article).join(" or ")}`;
  if (rule.enum !== undefined && !rule.enum.includes(value)) return `must be one of ${rule.enum.map(String).join(", ")}`;
  if (typeof value === "number") return numberProblem(rule, value);
  if (typeof value === "string") return textProblem(rule, value);
  if (Array.isArray(value)) return firstProblem(value.map((item, index) => [`entry ${index + 1}`, rule.items, item]));
  return typeof value === "object" && value !== null ? objectProblem(rule, recordOf(value)) : null;
}

function numberProblem({ minimum, exclusiveMinimum, maximum }: SettingRule, value: number): string | null {
  if (minimum !== undefined && value < minimum) return `must be at least ${minimum}`;
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum) return `must be more than ${exclusiveMinimum}`;
  return maximum !== undefined && value > maximum ? `must be at most ${maximum}` : null;
}

function textProblem({ minLength, pattern, patternErrorMessage }: SettingRule, value: string): string | null {
  if (minLength !== undefined && value.trim().length < minLength) return "must not be empty";
  if (pattern === undefined || new RegExp(pattern, "u").test(value)) return null;
  return patternErrorMessage === undefined ? "has the wrong form" : `has the wrong form (${patternErrorMessage.replace(/\.$/, "")})`;
}

function objectProblem({ required, properties, additionalProperties }: SettingRule, value: Readonly<Record<string, unknown>>): string | null {
  const missing = required?.find((key) => !(key in value));
  if (missing !== undefined) return `must have “${missing}”`;
  const own = (key: string): SettingRule | boolean | undefined => properties?.[key] ?? additionalProperties;
  const unknown = Object.keys(value).find((key) => own(key) === false);
  if (unknown !== undefined) return `must not have “${unknown}”`;
  return firstProblem(Object.entries(value).map(([key, item]) => [`“${key}”`, own(key), item]));
}

type Part = readonly [where: string, rule: SettingRule | boolean | undefined, value: unknown];

function firstProblem(parts: readonly Part[]): string | null {
  for (const [where, rule, value] of parts) {
    const problem = typeof rule === "object" ? problemWith(rule, value) : null;
    if (problem !== null) return `has a wrong part: ${where} ${problem}`;
  }
  return null;
}

function isOfType(type: string, value: unknown): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    case "number":
      return typeof value === "number" && Number.isFinite(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    default:
      return typeof value === type;
  }
}

function article(type: string): string {
  switch (type) {
    case "integer":
      return "a whole number";
    case "string":
      return "a text";
    case "boolean":
      return "true or false";
    case "array":
      return "a list";
    case "object":
      return "an object";
    default:
      return type === "null" ? "null" : `a ${type}`;
  }
}

function fieldOf(value: unknown, key: string): unknown {
  return recordOf(value)[key];
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
