// Takes keys out of what leaves the machine in an export: those that are configured, and what looks like one. Pure.
import { CONFIGURED_KIND } from "../secrets/formats";
import { markOf } from "../secrets/marks";
import { Redactor } from "../secrets/redactor";

/** What stands in the place of a configured key. */
export const REMOVED = markOf(CONFIGURED_KIND);

/** `text` without these values, in whatever form they are written, and without secrets of known formats. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return new Redactor(secrets).text(text).text;
}

/** The same for a file's bytes, whatever they are: those around a value stay as they are. */
export function bytesWithoutSecrets(bytes: Uint8Array, secrets: readonly string[]): Uint8Array {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  // As characters of one byte, as the text is.
  const clean = withoutSecrets(text, secrets.map((secret) => Buffer.from(secret).toString("latin1")));
  return clean === text ? bytes : Buffer.from(clean, "latin1");
}
