// The name by which a program is known, however it is spelled.

/** Without folders, case and Windows' endings: `/usr/bin/RM.exe` → `rm`. */
export function baseName(program: string): string {
  const last = program.slice(Math.max(program.lastIndexOf("/"), program.lastIndexOf("\\")) + 1);
  return last.toLowerCase().replace(/\.(?:exe|cmd|bat|com)$/, "");
}

/** Without a version, too, where one is usual: `python3.12` → `python`. */
export function programName(program: string): string {
  const name = baseName(program);
  return name.replace(/^(python|pypy|pip|node|nodejs|perl|ruby|php|lua|gcc|g\+\+|clang|bash|zsh|ksh|java)-?\d[\d.]*$/, "$1");
}
