// Characters that make a command look other than it is. People approve what they see.

interface Trap {
  readonly pattern: RegExp;
  readonly says: string;
}

const TRAPS: readonly Trap[] = [
  { pattern: /\0/, says: "a NUL character" },
  { pattern: /\r/, says: "a carriage return" },
  { pattern: /\p{Surrogate}/u, says: "half a character" },
  // Joiners, directions, tags, variation selectors, fillers, soft hyphens.
  { pattern: /[\p{Cf}\p{Default_Ignorable_Code_Point}]/u, says: "an invisible character" },
  { pattern: /(?![\t\n])\p{Cc}/u, says: "a control character" },
  { pattern: /(?! )[\p{Zs}\p{Zl}\p{Zp}]/u, says: "a space that is no plain space" },
  { pattern: /[\p{Co}\p{Cn}]/u, says: "a character that is not shown" },
];

/** What is in the text that a person cannot see, or null. */
export function hiddenCharacter(text: string): string | null {
  return TRAPS.find(({ pattern }) => pattern.test(text))?.says ?? null;
}

/** The texts that such a command may stand for: with the characters taken out, and with white space in their place. */
export function withoutHiddenCharacters(text: string): readonly string[] {
  const replaced = (by: string): string => TRAPS.reduce((so, { pattern }) => so.replace(new RegExp(pattern, "gu"), by), text);
  return [...new Set([replaced(""), replaced("\n"), replaced(" ")])].filter((other) => other !== text);
}
