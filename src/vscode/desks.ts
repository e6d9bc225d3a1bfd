// The desks of the window's folders: opened when they are first needed, closed with their folder. In an untrusted
// workspace none is opened.
import { EventEmitter, workspace, type Disposable, type LogOutputChannel, type WorkspaceFolder } from "vscode";
import { messageOf } from "../core/domain/errors";
import { CountersignError } from "../core/domain/errors";
import type { DeskChange, TaskDesk } from "../core/desk/taskDesk";
import type { TaskView } from "../core/projections/taskView";
import type { TaskRef } from "./taskRef";

export interface DeskEvent {
  readonly desk: TaskDesk;
  readonly change: DeskChange;
}

/** A folder whose tasks cannot be shown, and why. */
export interface FolderTrouble {
  readonly folder: WorkspaceFolder;
  readonly message: string;
}

type Opening = { readonly folder: WorkspaceFolder; readonly desk: Promise<TaskDesk | null> };

export class Desks implements Disposable {
  readonly #changed = new EventEmitter<DeskEvent>();
  readonly #folders = new EventEmitter<undefined>();
  readonly #openings = new Map<string, Opening>();
  readonly #open = new Map<string, TaskDesk>();
  readonly #trouble = new Map<string, FolderTrouble>();
  readonly #subscriptions: Disposable[];
  #ended = false;

  constructor(
    private readonly openDesk: (folder: string) => Promise<TaskDesk>,
    private readonly log: LogOutputChannel,
  ) {
    this.#subscriptions = [
      workspace.onDidChangeWorkspaceFolders((change) => this.#foldersChanged(change.removed)),
      workspace.onDidGrantWorkspaceTrust(() => this.#folders.fire(undefined)),
    ];
  }

  /** Something changed on a desk. */
  readonly onDidChange = this.#changed.event;
  /** Folders came or went, a desk was opened, or the workspace is trusted now: ask for `all` again. */
  readonly onDidChangeFolders = this.#folders.event;

  /** Desks that are open already; never waits. */
  get opened(): readonly TaskDesk[] {
    return [...this.#open.values()];
  }

  get troubles(): readonly FolderTrouble[] {
    return [...this.#trouble.values()];
  }

  /** The desks of all folders of the window, opened as needed. A folder that cannot be opened is in `troubles`. */
  async all(): Promise<readonly TaskDesk[]> {
    if (!workspace.isTrusted || this.#ended) return [];
    const folders = (workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === "file");
    const desks = await Promise.all(folders.map((folder) => this.#opening(folder).desk));
    // Two folders of one repository have one desk.
    return [...new Set(desks.flatMap((desk) => desk ?? []))];
  }

  /** The desk of a workspace folder. Throws `notAllowed` in an untrusted workspace, and what kept it from opening. */
  async of(folder: WorkspaceFolder): Promise<TaskDesk> {
    if (!workspace.isTrusted) throw new CountersignError("notAllowed", "This workspace is not trusted: nothing is run in it. Trust it first (Workspaces: Manage Workspace Trust).");
    const desk = await this.#opening(folder).desk;
    if (desk !== null) return desk;
    throw new CountersignError("io", this.#trouble.get(folder.uri.toString())?.message ?? `The folder ${folder.name} could not be opened.`);
  }

  /** Throws `notFound` for a task or a folder that is not there (any more). */
  async find(ref: TaskRef): Promise<{ readonly desk: TaskDesk; readonly view: TaskView }> {
    const desk = (await this.all()).find((one) => one.root === ref.root);
    if (desk === undefined) throw new CountersignError("notFound", `The folder ${ref.root} is not open in this window.`);
    return { desk, view: desk.need(ref.task) };
  }

  /** Does something on the desk of a folder that is not open in this window, and lets go of it. */
  async beside<T>(folder: string, work: (desk: TaskDesk) => Promise<T>): Promise<T> {
    const desk = await this.openDesk(folder);
    try {
      return await work(desk);
    } finally {
      await desk.shutDown();
    }
  }

  /** Tries folders again that could not be opened. */
  retry(): void {
    for (const key of this.#trouble.keys()) this.#openings.delete(key);
    this.#trouble.clear();
    this.#folders.fire(undefined);
  }

  /** Ends with the window: what runs is left to be resumed. */
  async shutDown(): Promise<void> {
    this.#ended = true;
    await Promise.all(this.opened.map((desk) => desk.shutDown()));
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
    this.#folders.dispose();
  }

  #opening(folder: WorkspaceFolder): Opening {
    const key = folder.uri.toString();
    const known = this.#openings.get(key);
    if (known !== undefined) return known;
    const opening = { folder, desk: this.#start(folder, key) };
    this.#openings.set(key, opening);
    return opening;
  }

  async #start(folder: WorkspaceFolder, key: string): Promise<TaskDesk | null> {
    try {
      const desk = await this.openDesk(folder.uri.fsPath);
      const known = this.#open.get(desk.root);
      if (known !== undefined) {
        await desk.shutDown();
        return known;
      }
      this.#open.set(desk.root, desk);
      desk.onChange((change) => this.#changed.fire({ desk, change }));
      this.#folders.fire(undefined);
      return desk;
    } catch (error) {
      this.log.error(`${folder.name}: ${messageOf(error)}`);
      this.#trouble.set(key, { folder, message: messageOf(error) });
      this.#folders.fire(undefined);
      return null;
    }
  }

  #foldersChanged(removed: readonly WorkspaceFolder[]): void {
    for (const folder of removed) {
      const opening = this.#openings.get(folder.uri.toString());
      this.#openings.delete(folder.uri.toString());
      this.#trouble.delete(folder.uri.toString());
      opening?.desk.then((desk) => this.#closeUnlessShared(desk)).catch((error: unknown) => this.log.error(messageOf(error)));
    }
    this.#folders.fire(undefined);
  }

  async #closeUnlessShared(desk: TaskDesk | null): Promise<void> {
    if (desk === null) return;
    const others = await Promise.all([...this.#openings.values()].map((opening) => opening.desk));
    if (others.includes(desk)) return;
    this.#open.delete(desk.root);
    await desk.shutDown();
    this.#folders.fire(undefined);
  }
}
