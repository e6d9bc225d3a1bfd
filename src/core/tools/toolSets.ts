// The sets of tools that roles are given. The order is part of the cached prefix of every conversation: append, never
// reorder.
import { editFile } from "./editFile";
import { GRAPH_TOOLS } from "./graphTools";
import { listFiles } from "./listFiles";
import { readFile } from "./readFile";
import { runCommand } from "./runCommand";
import { search } from "./search";
import type { Tool } from "./tool";
import { writeFile } from "./writeFile";

export const READ_TOOLS: readonly Tool[] = [readFile, listFiles, search];
export const WRITE_TOOLS: readonly Tool[] = [editFile, writeFile];
/** For a clean room, which is thrown away: commands are probes there. */
export const PROBE_TOOLS: readonly Tool[] = [...READ_TOOLS, runCommand, ...GRAPH_TOOLS];
/** For who finds out and writes nothing. */
export const RESEARCH_TOOLS: readonly Tool[] = [...READ_TOOLS, ...GRAPH_TOOLS];
export const ALL_TOOLS: readonly Tool[] = [...READ_TOOLS, ...WRITE_TOOLS, runCommand, ...GRAPH_TOOLS];
