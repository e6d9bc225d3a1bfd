// Handoff files in memory, confined by the same rule as the ones on disk.
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { confinedName, confinedPath } from "../../src/adapters/store/confinedPath";
import type { TaskId } from "../../src/core/domain/task";
import type { PlanFolder } from "../../src/core/ports/planFolder";

export class MemoryPlanFolder implements PlanFolder {
  readonly #files = new Map<string, string>();

  constructor(private readonly root = "/memory/plans") {}

  pathOf(task: TaskId, file = ""): string {
    const relative = confinedPath(file);
    return `${this.root}/${confinedName(task)}${relative === "" ? "" : `/${relative}`}`;
  }

  async write(task: TaskId, file: string, text: string): Promise<void> {
    this.#files.set(this.pathOf(task, file), text);
  }

  async append(task: TaskId, file: string, text: string): Promise<void> {
    const place = this.pathOf(task, file);
    this.#files.set(place, (this.#files.get(place) ?? "") + text);
  }

  async read(task: TaskId, file: string): Promise<string | null> {
    return this.#files.get(this.pathOf(task, file)) ?? null;
  }

  /** The source is real, as a worktree is. */
  async copyIn(task: TaskId, source: string, folder: string): Promise<readonly string[]> {
    const entries = await readdir(source, { recursive: true, withFileTypes: true }).catch(() => []);
    const copied: string[] = [];
    for (const entry of entries.filter((candidate) => candidate.isFile())) {
      const place = path.join(entry.parentPath, entry.name);
      const file = confinedPath(`${folder}/${path.relative(source, place)}`);
      await this.write(task, file, await readFile(place, "utf8"));
      copied.push(file);
    }
    return copied.toSorted();
  }

  /** Writes to memory are not interrupted. */
  async tidy(): Promise<void> {
    await Promise.resolve();
  }

  async list(task: TaskId): Promise<readonly string[]> {
    const prefix = `${this.pathOf(task)}/`;
    const names = [...this.#files.keys()].filter((place) => place.startsWith(prefix));
    return names.map((place) => place.slice(prefix.length)).toSorted();
  }
}
