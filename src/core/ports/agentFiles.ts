// Files that missions share, below `.countersign/agents/` of the open workspace: preambles, and lessons.

/** Contract: as PlanFolder's: atomic, confined, null for a missing file, `io` for what the disk refuses. */
export interface AgentFiles {
  read(file: string): Promise<string | null>;
  write(file: string, text: string): Promise<void>;
}
