// What agents must never read: `.countersignignore` files, in gitignore's syntax, at the root and nested. Those of the
// user's own tree always count, and those of a worktree as they were first seen: nothing an agent writes weakens them.
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { gitFiles } from "./gitProgram";
import { IgnoreRules } from "./ignoreRules";

export const EXCLUSION_FILE = ".countersignignore";

/** Whether a path (relative, `/`-separated) is one that agents must not read; the root never is. */
export type IsExcluded = (relative: string, isFolder?: boolean) => boolean;

/** A file of rules larger than this is a mistake; it counts as one that excludes everything beside it. */
const LARGEST_BYTES = 256 * 1024;
/** Names that differ in case may be one file; a rule that hides takes them for the same, wherever it is read. */
const FOLDED = "win32";

/** The rules for the trees of one user's repository. */
export class Exclusions {
  private readonly user: TreeRules;
  private readonly trees = new Map<string, TreeRules>();
  /** By root: whether a folder below it has rules of its own, as it was when it was first asked. */
  private readonly nested = new Map<string, Promise<boolean>>();

  /** `userRoot`: absolute root of the user's own tree. */
  constructor(private readonly userRoot: string) {
    this.user = new TreeRules(userRoot, false);
  }

  /** For one look at the tree in `root`, which may be long: rules that change meanwhile count from the next look on. */
  look(root: string): IsExcluded {
    const looks = this.rulesFor(root).map((rules) => rules.look());
    return (relative, isFolder = false) => relative !== "" && looks.some((excludes) => excludes(relative, isFolder));
  }

  /** Whether there is anything to obey in `root`: looking for what is excluded goes over every folder. */
  async hasRules(root: string): Promise<boolean> {
    if (this.rulesFor(root).some((rules) => rules.hasAtRoot)) return true;
    const found = await Promise.all([...new Set([this.userRoot, root])].map((tree) => this.hasNested(tree)));
    return found.includes(true);
  }

  private hasNested(root: string): Promise<boolean> {
    const known = this.nested.get(root) ?? gitFiles(root, NOT_CANCELLED, `:(glob)**/${EXCLUSION_FILE}`).then((names) => names.length > 0, () => true);
    this.nested.set(root, known);
    return known;
  }

  private rulesFor(root: string): readonly TreeRules[] {
    if (root === this.userRoot) return [this.user];
    const own = this.trees.get(root) ?? new TreeRules(root, true);
    this.trees.set(root, own);
    return [this.user, own];
  }
}

interface Known {
  /** Sizes and times of the files from the root down. */
  readonly stamp: string;
  /** null: there are none. */
  readonly rules: IgnoreRules | null;
}

/** The rules that stand in one tree. */
class TreeRules {
  private readonly known = new Map<string, Known>();

  constructor(
    private readonly root: string,
    /** What was seen once counts from then on. */
    private readonly isLasting: boolean,
  ) {}

  get hasAtRoot(): boolean {
    return this.rulesIn("", NO_RULES).rules !== null;
  }

  look(): (relative: string, isFolder: boolean) => boolean {
    const seen = new Map<string, Known>();
    const rulesIn = (folder: string): Known => {
      const found = seen.get(folder) ?? this.rulesIn(folder, folder === "" ? NO_RULES : rulesIn(parentOf(folder)));
      seen.set(folder, found);
      return found;
    };
    return (relative, isFolder) => {
      const { rules } = rulesIn(parentOf(relative));
      return rules !== null && rules.ignores(`${relative.normalize("NFC")}${isFolder ? "/" : ""}`);
    };
  }

  private rulesIn(folder: string, above: Known): Known {
    const before = this.known.get(folder);
    if (this.isLasting && before !== undefined && before.rules !== null) return before;
    const own = this.stampOf(folder);
    const stamp = `${above.stamp}\n${own}`;
    if (before?.stamp === stamp) return before;
    const rules = own === "" ? above.rules : (above.rules ?? IgnoreRules.none(FOLDED)).with(folder.normalize("NFC"), this.textIn(folder), FOLDED);
    const now = { stamp, rules };
    this.known.set(folder, now);
    return now;
  }

  /** "" for no file of rules. */
  private stampOf(folder: string): string {
    try {
      const found = statSync(path.join(this.root, folder, EXCLUSION_FILE), { throwIfNoEntry: false });
      return found?.isFile() === true ? `${found.size} ${found.mtimeMs} ${found.ino}` : "";
    } catch {
      // A folder that cannot be entered has nothing that could be read.
      return "";
    }
  }

  private textIn(folder: string): string {
    try {
      const bytes = readFileSync(path.join(this.root, folder, EXCLUSION_FILE));
      return bytes.length > LARGEST_BYTES ? "*" : bytes.toString("utf8").replace(/^\ufeff/, "").normalize("NFC");
    } catch {
      // It was there a moment ago. What cannot be read cannot be obeyed, so nothing beside it is shown.
      return "*";
    }
  }
}

const NOT_CANCELLED = new AbortController().signal;
const NO_RULES: Known = { stamp: "", rules: null };

function parentOf(relative: string): string {
  const end = relative.lastIndexOf("/");
  return end === -1 ? "" : relative.slice(0, end);
}
