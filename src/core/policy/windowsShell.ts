// On Windows command lines go to cmd.exe, which reads quotes, carets and percent signs in its own way.

/** Why the reading of a POSIX shell does not hold for cmd.exe, or null where both read the same words. */
export function windowsDoubt(command: string): string | null {
  if (/[\^%!\n]/.test(command)) return "cmd.exe reads ^, %, ! and line breaks in its own way";
  if (/['`\\$*?[\]{}~#]/.test(command)) return "cmd.exe does not read it as other shells do";
  const unquoted = command.replace(/"[^"]*"/g, "");
  if (unquoted.includes('"')) return "A quote in it is not closed";
  return /[&|<>()]/.test(unquoted) ? "It is more than one command, or redirects" : null;
}

/** The same command line in the words of a POSIX shell, as far as finding denied programs goes. */
export function windowsSpellings(command: string): readonly string[] {
  const plain = command.replaceAll("^", "").replaceAll("\\", "/");
  return [plain, plain.replaceAll("'", " "), plain.replace(/%\w+:~[^%]*%|%[^%]*%/g, "")];
}
