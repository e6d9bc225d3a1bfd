// Fresh checkouts for checks: opened, closed, and swept up after a process that died with one open.
import { randomBytes } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod/mini";
import { parseWith } from "../../core/domain/schema";
import type { CleanRoom } from "../../core/ports/workspace";
import { ioError } from "../store/ioError";
import { livenessOf, ownIdentity } from "../store/processIdentity";
import { makeFolder, namesIn, textOf } from "./folders";
import type { Worktrees } from "./worktrees";

const OWNER_SUFFIX = ".owner.json";
/** A room of another machine or container, whose processes cannot be seen, is stale after this long. */
const FOREIGN_ROOM_MS = 7 * 24 * 3_600_000;

const ownerSchema = z.object({
  task: z.string(),
  openedMs: z.number(),
  process: z.object({ pid: z.number(), host: z.string(), place: z.string(), started: z.nullable(z.string()) }),
});
type Owner = z.infer<typeof ownerSchema>;

/** The task that a room or a worktree belongs to. */
export function taskOfCheckout(dir: string, rooms: string): string {
  const name = path.basename(dir);
  return path.dirname(dir) === rooms ? name.replace(/-[0-9a-f]{12}$/, "") : name;
}

export class CleanRooms {
  constructor(
    private readonly worktrees: Worktrees,
    /** `<cache>/rooms/<key of the repository>`. */
    private readonly folder: string,
  ) {}

  async open(task: string, commit: string, head: string | null, signal: AbortSignal): Promise<CleanRoom> {
    await makeFolder(this.folder);
    const dir = path.join(this.folder, `${task}-${randomBytes(6).toString("hex")}`);
    // Before the room: a room without an owner would never be swept.
    await this.claim(dir, { task, openedMs: Date.now(), process: ownIdentity() });
    try {
      await Promise.all([this.worktrees.addDetached(dir, commit, head, signal), this.sweep()]);
    } catch (error) {
      await this.remove(dir);
      throw error;
    }
    return { dir, checkpoint: () => this.worktrees.checkpoint(dir, commit), close: () => this.remove(dir) };
  }

  /** Every room of a task, whoever opened it. */
  async removeAllOf(task: string): Promise<void> {
    await this.removeWhere((owner) => owner?.task === task);
  }

  /** Removes rooms whose process has ended. */
  async sweep(): Promise<void> {
    const own = ownIdentity();
    await this.removeWhere((owner) => {
      if (owner === null) return true;
      const liveness = livenessOf(owner.process, own);
      return liveness === "dead" || (liveness === "unknown" && Date.now() - owner.openedMs > FOREIGN_ROOM_MS);
    });
  }

  private async removeWhere(isOver: (owner: Owner | null) => boolean): Promise<void> {
    const files = (await namesIn(this.folder)).filter((name) => name.endsWith(OWNER_SUFFIX));
    for (const file of files) {
      const text = await textOf(path.join(this.folder, file));
      // Another process has just removed it.
      if (text === null) continue;
      if (isOver(ownerIn(text))) await this.remove(path.join(this.folder, file.slice(0, -OWNER_SUFFIX.length)));
    }
  }

  private async remove(dir: string): Promise<void> {
    await this.worktrees.remove(dir);
    await rm(`${dir}${OWNER_SUFFIX}`, { force: true });
  }

  private async claim(dir: string, owner: Owner): Promise<void> {
    try {
      await writeFile(`${dir}${OWNER_SUFFIX}`, JSON.stringify(owner), { flag: "wx" });
    } catch (error) {
      throw ioError(error, { what: `A clean room could not be made in ${this.folder}`, kept: "Nothing was changed." });
    }
  }
}

/** null for a file that was cut short when its process died. */
function ownerIn(text: string): Owner | null {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = parseWith(ownerSchema, data);
  return parsed.ok ? parsed.value : null;
}
