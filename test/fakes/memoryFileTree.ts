// A file tree in memory. It shares the pure rules (paths, globs, patterns, ignored files) with the one on disk and has
// no symbolic links.
import { contentOf, LARGE_BYTES } from "../../src/adapters/files/readContent";
import { globMatcher } from "../../src/adapters/files/fileListing";
import { IgnoreRules } from "../../src/adapters/files/ignoreRules";
import { lexicalPath } from "../../src/adapters/files/lexicalPath";
import { searchPattern } from "../../src/adapters/files/searchPattern";
import { clipLine } from "../../src/adapters/files/searchRun";
import { similarNames } from "../../src/adapters/files/similarNames";
import { CountersignError } from "../../src/core/domain/errors";
import type { FileContent, FileTree, SearchHit, SearchOptions } from "../../src/core/ports/fileTree";

export class MemoryFileTree implements FileTree {
  readonly root: string;
  private readonly contents: Map<string, Buffer>;

  constructor(
    files: Readonly<Record<string, string | Buffer>> = {},
    private readonly options: { readonly root?: string; readonly aliases?: readonly string[]; readonly excluded?: readonly string[] } = {},
  ) {
    this.root = options.root ?? "/memory/tree";
    this.contents = new Map(Object.entries(files).map(([path, content]) => [path, Buffer.from(content)]));
  }

  /** What the tree holds now, as text. */
  get texts(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.contents].map(([path, content]) => [path, content.toString("utf8")]));
  }

  /** Puts back later what the tree holds now. */
  checkpoint(): () => void {
    const before = [...this.contents];
    return () => {
      this.contents.clear();
      for (const [path, content] of before) this.contents.set(path, content);
    };
  }

  async resolve(written: string): Promise<string> {
    const roots = [this.root, ...(this.options.aliases ?? [])];
    const said = lexicalPath(written, { roots, platform: "linux" });
    if (said.kind === "inside") return said.relative;
    throw new CountersignError("notAllowed", `${JSON.stringify(written)} is not allowed: ${said.reason}.`);
  }

  isExcluded(relative: string): boolean {
    return this.options.excluded?.includes(relative) ?? false;
  }

  async read(written: string, range = { from: 1, count: 2000 }): Promise<FileContent> {
    const relative = await this.resolve(written);
    const content = this.contents.get(relative);
    if (content === undefined) {
      if (this.isFolder(relative)) return { kind: "folder" };
      return { kind: "missing", similar: similarNames(relative, this.visible(""), 5) };
    }
    const whole = contentOf(content);
    if (whole.kind !== "text" || content.length <= LARGE_BYTES) return whole;
    const lines = whole.text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
    const text = lines.slice(range.from - 1, range.from - 1 + range.count).join("");
    return { kind: "large", text: text.slice(0, 1024 * 1024), bytes: content.length };
  }

  async write(written: string, text: string): Promise<void> {
    const relative = await this.resolve(written);
    const parents = relative
      .split("/")
      .slice(0, -1)
      .map((_, depth, parts) => parts.slice(0, depth + 1).join("/"));
    const refused =
      this.isFolder(relative) || /[\\/]$/.test(written) || parents.some((parent) => this.contents.has(parent));
    if (refused)
      throw new CountersignError(
        "notAllowed",
        `${JSON.stringify(written)} is not allowed: it is a folder, or below a file.`,
      );
    this.contents.set(relative, Buffer.from(text));
  }

  async list(written: string, glob: string, limit: number): ReturnType<FileTree["list"]> {
    const below = await this.resolve(written);
    const files = this.visible(below).filter(globMatcher(glob, below));
    return { files: files.slice(0, limit), total: files.length };
  }

  async search(options: SearchOptions, signal: AbortSignal): ReturnType<FileTree["search"]> {
    if (signal.aborted) throw new CountersignError("cancelled", "The search was cancelled.");
    const { source, flags } = searchPattern(options.pattern, options).script;
    const { files } = await this.list(options.path, options.glob, Number.POSITIVE_INFINITY);
    const hits = files.flatMap((file) =>
      hitsIn(file, this.contents.get(file) ?? Buffer.alloc(0), new RegExp(source, flags)),
    );
    return { hits: hits.slice(0, options.limit), total: hits.length };
  }

  private isFolder(relative: string): boolean {
    return relative === "" || [...this.contents.keys()].some((path) => path.startsWith(`${relative}/`));
  }

  private visible(below: string): readonly string[] {
    const isOpen = below.startsWith(".countersign/plans/") && below.includes("/deliverables");
    const rules = this.ignoreRules();
    const hidden = (path: string): boolean => path.startsWith(".countersign/") || rules.ignores(path);
    return [...this.contents.keys()]
      .filter((path) => below === "" || path === below || path.startsWith(`${below}/`))
      .filter((path) => isOpen || !hidden(path))
      .toSorted();
  }

  private ignoreRules(): IgnoreRules {
    const ours = [...this.contents].filter(([path]) => path === ".gitignore" || path.endsWith("/.gitignore"));
    return ours
      .toSorted(([a], [b]) => a.split("/").length - b.split("/").length)
      .reduce(
        (rules, [path, text]) => rules.with(path.slice(0, -".gitignore".length - 1), text.toString(), "linux"),
        IgnoreRules.none("linux"),
      );
  }
}

function hitsIn(file: string, content: Buffer, pattern: RegExp): readonly SearchHit[] {
  if (content.includes(0)) return [];
  const lines = content.toString("utf8").replace(/\n$/, "").split("\n");
  return lines.flatMap((line, index) => {
    const match = pattern.exec(line.replace(/\r$/, ""));
    return match === null || content.length === 0
      ? []
      : [{ path: file, line: index + 1, text: clipLine(line, match.index) }];
  });
}
