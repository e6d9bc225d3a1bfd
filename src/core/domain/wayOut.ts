// Where a symbolic link of a commit leads, as the file system would follow it after a checkout: the links on its way
// count, too. It reads no disk; what the commit holds is asked for.

/** The target of the link that a commit holds at a path; null where something else is, or nothing. */
export type LinkAt = (path: string) => Promise<string | null>;

/** A system gives up after as many; where nobody arrives, nothing is reached. */
const MOST_LINKS = 40;
const OUTSIDE = "out of the repository";
const OWN_FOLDERS: Readonly<Record<string, string>> = { ".git": "into git's own files", ".countersign": "into Countersign's own files" };
/** Windows knows other roots and another separator; a link is made on one system and followed on the next. */
const ABSOLUTE = /^(?:[/\\]|[a-z]:)/i;
const SEPARATOR = /[/\\]/;

/** In words, where it leads but should not ("out of the repository"); null: to a place among the repository's files, or nowhere. */
export async function wayOut(path: string, target: string, linkAt: LinkAt): Promise<string | null> {
  if (ABSOLUTE.test(target)) return OUTSIDE;
  const place = path.split("/").slice(0, -1);
  const ahead = target.split(SEPARATOR);
  let links = 0;
  for (let part = ahead.shift(); part !== undefined; part = ahead.shift()) {
    if (part === "" || part === ".") continue;
    if (part === "..") {
      if (place.pop() === undefined) return OUTSIDE;
      continue;
    }
    const own = OWN_FOLDERS[part.toLowerCase()];
    if (own !== undefined) return own;
    const further = await linkAt([...place, part].join("/"));
    if (further === null) {
      place.push(part);
      continue;
    }
    links += 1;
    if (links > MOST_LINKS) return null;
    if (ABSOLUTE.test(further)) return OUTSIDE;
    ahead.unshift(...further.split(SEPARATOR));
  }
  return null;
}
