// Takes keys that are known out of what leaves the machine. Pure.

/** Shorter ones would take harmless words with them. */
const SHORTEST = 8;

export const REMOVED = "[key removed]";

/** `text` without any of these values, whole as well as escaped for JSON. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return replaced(text, secrets.flatMap(forms));
}

/** The same for a file's bytes, whatever they are: those around a value stay as they are. */
export function bytesWithoutSecrets(bytes: Uint8Array, secrets: readonly string[]): Uint8Array {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  const clean = replaced(text, secrets.flatMap(forms).map((form) => Buffer.from(form).toString("latin1")));
  return clean === text ? bytes : Buffer.from(clean, "latin1");
}

function forms(secret: string): readonly string[] {
  return secret.length < SHORTEST ? [] : [secret, JSON.stringify(secret).slice(1, -1)];
}

function replaced(text: string, values: readonly string[]): string {
  return values.reduce((clean, value) => clean.replaceAll(value, () => REMOVED), text);
}
