// The sets of tools that roles are given. The order is part of the cached prefix of every conversation: append, never
// reorder.
import { editFile } from "./editFile";
import { listFiles } from "./listFiles";
import { readFile } from "./readFile";
import { runCommand } from "./runCommand";
import { search } from "./search";
import type { Tool } from "./tool";
import { writeFile } from "./writeFile";

export const READ_TOOLS: readonly Tool[] = [readFile, listFiles, search];
export const WRITE_TOOLS: readonly Tool[] = [editFile, writeFile];
/** For a clean room, which is thrown away: commands are probes there. */
export const PROBE_TOOLS: readonly Tool[] = [...READ_TOOLS, runCommand];
export const ALL_TOOLS: readonly Tool[] = [...READ_TOOLS, ...WRITE_TOOLS, runCommand];
