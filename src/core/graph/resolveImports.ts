// Which file or package an import means: by the rules of the language of the file that has it, without its settings
// (tsconfig's paths, Python's search path). What cannot be told is nothing. Pure.
import type { ImportFact } from "./facts";

/** The repository's files, by path. */
export interface FileIndex {
  has(path: string): boolean;
  /** Files right in a folder. */
  filesIn(folder: string): readonly string[];
  /** Go modules: the folder of a go.mod, and the name that it gives. */
  readonly goModules: readonly { readonly folder: string; readonly module: string }[];
}

export interface ImportTargets {
  readonly files: readonly string[];
  /** Not of the repository: `npm/express`, `python/requests`, `go/net/http`, `rust/serde`. */
  readonly packages: readonly string[];
}

const NONE: ImportTargets = { files: [], packages: [] };
/** A Go import means a folder. */
const MOST_OF_FOLDER = 20;

export function targetsOf(from: string, fact: ImportFact, index: FileIndex): ImportTargets {
  if (fact.how === "references") return linked(from, fact.spec, index);
  switch (from.slice(from.lastIndexOf(".") + 1)) {
    case "py":
    case "pyi":
      return pythonTargets(from, fact, index);
    case "go":
      return goTargets(fact.spec, index);
    case "rs":
      return rustTargets(from, fact.spec, index);
    default:
      return scriptTargets(from, fact.spec, index);
  }
}

function linked(from: string, spec: string, index: FileIndex): ImportTargets {
  const path = spec.startsWith("/") ? normal(spec.slice(1)) : joined(folderOf(from), spec);
  return path === null ? NONE : firstOf([path, `${path}/README.md`, `${path}.md`], index);
}

const SCRIPT_ENDINGS = [".ts", ".tsx", ".d.ts", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json", ".vue", ".svelte"];
const SCRIPT_CANDIDATES = ["", ...SCRIPT_ENDINGS, ...SCRIPT_ENDINGS.map((ending) => `/index${ending}`)];

function scriptTargets(from: string, spec: string, index: FileIndex): ImportTargets {
  if (!spec.startsWith(".") && !spec.startsWith("/")) {
    const parts = spec.replace(/^node:/, "").split("/");
    const name = parts.slice(0, spec.startsWith("@") ? 2 : 1).join("/");
    return /^@?[\w.-]+(?:\/[\w.-]+)?$/.test(name) ? { files: [], packages: [`npm/${name}`] } : NONE;
  }
  const path = spec.startsWith("/") ? normal(spec.slice(1)) : joined(folderOf(from), spec.split("?")[0] ?? spec);
  if (path === null) return NONE;
  // TypeScript is imported under the name that it will have as JavaScript.
  const written = /\.([cm]?)js(x?)$/.test(path) ? [path.replace(/\.([cm]?)js(x?)$/, ".$1ts$2"), path.replace(/\.js$/, ".tsx")] : [];
  return firstOf([...SCRIPT_CANDIDATES.map((ending) => path + ending), ...written], index);
}

function pythonTargets(from: string, { spec, names }: ImportFact, index: FileIndex): ImportTargets {
  const dots = /^\.*/.exec(spec)?.[0].length ?? 0;
  const rest = spec.slice(dots).split(".").filter((part) => part !== "").join("/");
  if (dots > 0) {
    const base = joined(folderOf(from), "../".repeat(dots - 1) + rest);
    return base === null ? NONE : pythonModule(base, names, index);
  }
  // From the root, a src folder, or any folder that the file lies in.
  const roots = ["", "src", ...foldersAbove(from)];
  for (const root of roots) {
    const found = pythonModule(root === "" ? rest : `${root}/${rest}`, names, index);
    if (found.files.length > 0) return found;
  }
  return { files: [], packages: [`python/${rest.split("/")[0] ?? rest}`] };
}

/** The module, and those of the names taken from it that are modules themselves. */
function pythonModule(base: string, names: readonly string[], index: FileIndex): ImportTargets {
  const at = (path: string): readonly string[] => firstOf([`${path}.py`, `${path}/__init__.py`, `${path}.pyi`].map((one) => one.replace(/^\//, "")), index).files;
  const files = [...(base === "" ? [] : at(base)), ...names.flatMap((name) => at(base === "" ? name : `${base}/${name}`))];
  return { files: [...new Set(files)], packages: [] };
}

function goTargets(spec: string, index: FileIndex): ImportTargets {
  const home = index.goModules.find(({ module }) => spec === module || spec.startsWith(`${module}/`));
  if (home === undefined) return { files: [], packages: [`go/${spec}`] };
  const folder = [home.folder, spec.slice(home.module.length + 1)].filter((part) => part !== "").join("/");
  const files = index.filesIn(folder).filter((file) => file.endsWith(".go") && !file.endsWith("_test.go"));
  return { files: files.slice(0, MOST_OF_FOLDER), packages: [] };
}

function rustTargets(from: string, spec: string, index: FileIndex): ImportTargets {
  const folder = folderOf(from);
  const stem = from.slice(folder === "" ? 0 : folder.length + 1, -".rs".length);
  // Modules of main.rs, lib.rs and mod.rs lie beside them, those of others in a folder of their name.
  const own = ["main", "lib", "mod"].includes(stem) ? folder : [folder, stem].filter((part) => part !== "").join("/");
  if (spec.startsWith("mod ")) return rustModule(own, [spec.slice(4)], index);
  const [first = "", ...rest] = spec.split("::");
  if (first === "self") return rustModule(own, rest, index);
  if (first === "super") return rustModule(own === folder ? parentOf(folder) : folder, rest, index);
  if (first === "crate") {
    const root = [folder, ...foldersAbove(from)].find((one) => ["lib.rs", "main.rs"].some((name) => index.has(one === "" ? name : `${one}/${name}`)));
    return root === undefined ? NONE : rustModule(root, rest, index);
  }
  return ["std", "core", "alloc"].includes(first) || rest.length === 0 ? NONE : { files: [], packages: [`rust/${first}`] };
}

/** The longest beginning of the way that is a file: what follows is an item in it. */
function rustModule(base: string, way: readonly string[], index: FileIndex): ImportTargets {
  for (let length = way.length; length > 0; length -= 1) {
    const path = [base, ...way.slice(0, length)].filter((part) => part !== "").join("/");
    const found = firstOf([`${path}.rs`, `${path}/mod.rs`], index);
    if (found.files.length > 0) return found;
  }
  return NONE;
}

function firstOf(candidates: readonly string[], index: FileIndex): ImportTargets {
  const found = candidates.find((candidate) => index.has(candidate));
  return found === undefined ? NONE : { files: [found], packages: [] };
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

function parentOf(folder: string): string {
  return folderOf(folder);
}

/** Innermost first, without the root. */
function foldersAbove(path: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = folderOf(path); folder !== ""; folder = folderOf(folder)) folders.push(folder);
  return folders;
}

/** null for what leads out of the repository. */
function joined(folder: string, relative: string): string | null {
  return normal(folder === "" ? relative : `${folder}/${relative}`);
}

function normal(path: string): string | null {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join("/");
}
