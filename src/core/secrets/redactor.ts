// Takes secrets out of texts and of data: those of a known format, and the keys that are configured right now.
import { redactText, countsOf, type Redacted, type SecretCount } from "./scan";
import { StreamRedactor } from "./streamRedactor";

/** Shorter values would take harmless words with them. */
const SHORTEST = 8;
/** Names of environment variables that hold secrets. */
const SECRET_NAME = /(?:key|token|secrets?|passw(?:or)?d|pass|_auth|credentials?|otp)$/i;

export class Redactor {
  private readonly values = new Set<string>();
  private forms: readonly string[] = [];

  constructor(values: readonly string[] = []) {
    for (const value of values) this.learn(value);
  }

  /** A key that is in use; whatever form it is written in, it is not shown from now on. */
  learn(value: string | null | undefined): void {
    if (value === null || value === undefined || value.length < SHORTEST || this.values.has(value)) return;
    this.values.add(value);
    this.forms = [...this.values].flatMap(formsOf).toSorted((a, b) => b.length - a.length);
  }

  readonly known = (): readonly string[] => this.forms;

  text(text: string): Redacted {
    return redactText(text, this.forms);
  }

  /** The same for every string in plain data; what holds none is the same object as before. */
  deep<T>(value: T): { readonly value: T; readonly found: readonly SecretCount[] } {
    const found: SecretCount[] = [];
    const clean = this.walk(value, found) as T;
    return { value: clean, found: countsOf(found) };
  }

  /** For a text whose pieces come one after the other. */
  stream(): StreamRedactor {
    return new StreamRedactor(this.known);
  }

  private walk(value: unknown, found: SecretCount[]): unknown {
    if (typeof value === "string") {
      const redacted = this.text(value);
      found.push(...redacted.found);
      return redacted.text;
    }
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) {
      const items = value.map((item: unknown) => this.walk(item, found));
      return items.some((item, index) => item !== value[index]) ? items : value;
    }
    const entries = Object.entries(value);
    const clean = entries.map(([name, item]) => [name, this.walk(item, found)] as const);
    return clean.some(([, item], index) => item !== entries[index]?.[1]) ? Object.fromEntries(clean) : value;
  }
}

/** The values of environment variables that are called a key, token or password. */
export function secretsOfEnvironment(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(environment).flatMap(([name, value]) => (value !== undefined && SECRET_NAME.test(name) && isSecretValue(value) ? [value] : []));
}

/** Not the path of a program that asks for one, nor a word such as `none`. */
function isSecretValue(value: string): boolean {
  return value.length >= 12 && !/\s/.test(value) && !/^[./~]/.test(value) && !/^[A-Za-z]:\\/.test(value) && !/^[a-z_-]+$/i.test(value);
}

/** As it is, and as JSON, an address and base64 write it. */
function formsOf(secret: string): readonly string[] {
  const base64 = Buffer.from(secret).toString("base64").replace(/=+$/, "").slice(0, -1);
  const address = /^[ -~]+$/.test(secret) ? encodeURIComponent(secret) : secret;
  const forms = [secret, JSON.stringify(secret).slice(1, -1), address, base64];
  return [...new Set(forms)].filter((form) => form.length >= SHORTEST);
}
