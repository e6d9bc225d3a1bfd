// What a role is told of the repository at the start: its own instruction files and its top level. Bounded.
import type { Instructions } from "../roles/planner";
import { CountersignError } from "../domain/errors";
import { visibleName } from "../domain/visibleText";
import type { FileContent, FileTree } from "../ports/fileTree";

/** Files that repositories keep for agents and, last, what earlier tasks taught. */
const INSTRUCTION_FILES = ["AGENTS.md", "CLAUDE.md", ".github/copilot-instructions.md", "lessons.md", "tasks/lessons.md"];
const INSTRUCTION_CHARS = 12_000;
const TOP_LEVEL_ENTRIES = 80;
const LISTED_FILES = 5_000;

export async function instructionsIn(files: FileTree): Promise<readonly Instructions[]> {
  const read = await Promise.all(INSTRUCTION_FILES.map(async (path) => ({ path, content: await readable(files, path) })));
  const found = read.flatMap(({ path, content }) => (content.kind === "text" ? [{ path, text: bounded(content.text, path) }] : []));
  // CLAUDE.md is often a copy of AGENTS.md, or a link to it.
  return found.filter((file, index) => found.findIndex((other) => other.text === file.text) === index);
}

/** Top-level files, and folders with the number of files below them. */
export async function topLevelOf(files: FileTree): Promise<readonly string[]> {
  const { files: paths, total } = await files.list("", "", LISTED_FILES);
  const folders = new Map<string, number>();
  const top: string[] = [];
  for (const path of paths.map(visibleName)) {
    const slash = path.indexOf("/");
    if (slash === -1) top.push(path);
    else folders.set(path.slice(0, slash), (folders.get(path.slice(0, slash)) ?? 0) + 1);
  }
  const counted = [...folders].map(([folder, count]) => `${folder}/ (${count} ${count === 1 ? "file" : "files"})`);
  const more = total > paths.length ? [`… of ${total} files the first ${paths.length} are counted`] : [];
  return [...counted, ...top].slice(0, TOP_LEVEL_ENTRIES).concat(more);
}

/** A file that leads out of the repository, or that the user excludes, is none of its instructions. */
async function readable(files: FileTree, path: string): Promise<FileContent> {
  try {
    return await files.read(path);
  } catch (error) {
    if (CountersignError.is(error, "notAllowed")) return { kind: "missing", similar: [] };
    throw error;
  }
}

function bounded(text: string, path: string): string {
  return text.length <= INSTRUCTION_CHARS ? text : `${text.slice(0, INSTRUCTION_CHARS)}\n… ${path} goes on; read it with read_file.`;
}
