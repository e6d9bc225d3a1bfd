// Whether a value that is assigned to something called a password or token is one, and no name, path, hash or sample. Pure.

const SAMPLE =
  /example|sample|placeholder|change.?me|dummy|redacted|hidden|your[-_.]?|insert|replace|fixme|todo|foobar|lorem|process\.env|environ|getenv|^\$|\$\{|\$\(|^[%<{]|^(.)\1*$|xxxx|\*\*\*|\.\.\.|1234567|abcdef/i;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const PATH = /^(?:\.{0,2}\/|~\/|[A-Za-z]:[\\/]|[a-z]+:\/\/|@[\w-]+\/)/;
/** `config.auth.token`, `path/to/file.ts`, `some-words-in-a-row`: parts that are words and nothing else. */
const WORDS = /^[A-Za-z_$#@][A-Za-z$#@]*\d{0,2}(?:[-_./:?!=][A-Za-z$]*\d{0,2})*$/;
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;
const COMMON = new Set(["password", "passwd", "pass", "secret", "token", "postgres", "root", "admin", "user", "test", "guest", "mysql", "mongo", "redis", "changeme"]);

/** `quoted`: it stood in quotes, so it is a value and no expression. */
export function isLikelySecret(value: string, quoted: boolean): boolean {
  if (value.length < 8 || SAMPLE.test(value) || UUID.test(value) || PATH.test(value) || WORDS.test(value)) return false;
  if (!/\d/.test(value) || !/[A-Za-z]/.test(value)) return false;
  const bits = entropy(value);
  if (!quoted && IDENTIFIER.test(value)) return value.length >= 20 && digitsIn(value) >= 3 && bits >= 3.4;
  if (/^[0-9a-f]+$/i.test(value)) return value.length >= 32 && bits >= 3;
  return value.length >= 16 ? bits >= 3.3 : classesIn(value) >= 3 && bits >= 2.7;
}

/** In an address there is nothing else it could be, but for samples. */
export function isPassword(value: string): boolean {
  return !COMMON.has(value.toLowerCase()) && !/^[$%<{[*]|^(.)\1*$|\$\{|^x+$|^\.+$|^your|redacted/i.test(value);
}

/** Bits a character, by how often each stands in it (Shannon). */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

function digitsIn(text: string): number {
  return text.replace(/\D/g, "").length;
}

function classesIn(text: string): number {
  return [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((pattern) => pattern.test(text)).length;
}
