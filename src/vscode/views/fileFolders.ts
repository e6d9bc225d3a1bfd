// Changed files as folders: a folder that holds nothing but one other folder is one line with it. Pure; no vscode here.

export interface FileFolder {
  /** Relative to the repository's root; "" for the root. */
  readonly path: string;
  /** What its line says: `src/commands` where `src` holds nothing else. */
  readonly name: string;
  readonly folders: readonly FileFolder[];
  /** Full paths of the files that lie in it directly. */
  readonly files: readonly string[];
}

export function foldersOf(paths: readonly string[]): FileFolder {
  return folder("", "", paths.toSorted());
}

/** Everything below the folder. */
export function filesBelow({ folders, files }: FileFolder): readonly string[] {
  return [...folders.flatMap(filesBelow), ...files];
}

export function findFolder(root: FileFolder, path: string): FileFolder | undefined {
  if (root.path === path) return root;
  const next = root.folders.find((one) => path === one.path || path.startsWith(`${one.path}/`));
  return next === undefined ? undefined : findFolder(next, path);
}

/** `paths` lie below `path`. */
function folder(path: string, name: string, paths: readonly string[]): FileFolder {
  const prefix = path === "" ? "" : `${path}/`;
  const files: string[] = [];
  const below = new Map<string, string[]>();
  for (const file of paths) {
    const rest = file.slice(prefix.length);
    const slash = rest.indexOf("/");
    if (slash < 0) files.push(file);
    else {
      const first = rest.slice(0, slash);
      const group = below.get(first);
      if (group === undefined) below.set(first, [file]);
      else group.push(file);
    }
  }
  const [only] = below;
  if (path !== "" && files.length === 0 && below.size === 1 && only !== undefined) return folder(`${prefix}${only[0]}`, `${name}/${only[0]}`, only[1]);
  return { path, name, files, folders: [...below].map(([first, found]) => folder(`${prefix}${first}`, first, found)) };
}
