// The rules of nested .gitignore files, for trees that git does not manage. Pure: it is given the files' texts.
import ignore, { type Ignore } from "ignore";

export class IgnoreRules {
  private constructor(private readonly matcher: Ignore) {}

  static none(platform: NodeJS.Platform): IgnoreRules {
    return new IgnoreRules(ignore({ ignorecase: platform === "win32" || platform === "darwin" }));
  }

  /** These rules and those of a .gitignore in `folder` (relative, "" for the root), which win over them. */
  with(folder: string, gitignore: string, platform: NodeJS.Platform): IgnoreRules {
    const rules = IgnoreRules.none(platform);
    rules.matcher.add(this.matcher).add(gitignore.split(/\r?\n/).flatMap((line) => rebase(line, folder)));
    return rules;
  }

  /** Of a file, or of a folder when the path ends in `/`. */
  ignores(relative: string): boolean {
    return this.matcher.ignores(relative);
  }
}

/** A rule of a nested file as a rule of the root: its patterns are relative to where it stands. */
function rebase(line: string, folder: string): readonly string[] {
  if (line.trim() === "" || line.startsWith("#")) return [];
  if (folder === "") return [line];
  const negated = line.startsWith("!");
  const pattern = negated ? line.slice(1) : line;
  const isAnchored = pattern.replace(/\/\s*$/, "").includes("/");
  const below = isAnchored ? pattern.replace(/^\//, "") : `**/${pattern}`;
  return [`${negated ? "!" : ""}/${folder.replace(/[\\*?[\]!# ]/g, "\\$&")}/${below}`];
}
