// What a command sees of the disk, as a list of mounts over a read-only view of everything, later ones on top. It reads
// where things are and changes nothing.
import { lstatSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import { isWithin, type Territory } from "./territory";

/** `empty`: a new and private folder. `nothing`: a file without contents. */
export type Mount =
  | { readonly kind: "empty"; readonly at: string; readonly writable: boolean }
  | { readonly kind: "nothing"; readonly at: string }
  | { readonly kind: "readable" | "writable"; readonly at: string; readonly from: string };

export interface MountWishes {
  readonly territory: Territory;
  /** Real path of the folder that may be written. */
  readonly checkout: string;
  /** Whether the folder of packages may be written. */
  readonly fillsPackages: boolean;
  readonly secretPlaces: readonly string[];
  /** Absolute paths that the user keeps from agents, in the checkout as well. */
  readonly excluded?: readonly string[];
  /** The command's PATH. */
  readonly programs: string;
  /** Folder that holds sockets and the like of a session, besides /run. */
  readonly runtimeDir: string | undefined;
  /** More files that are to be seen though they lie in a folder that is not. */
  readonly readable?: readonly string[];
}

/** Temporary files and sockets of everybody. */
const SHARED = ["/tmp", "/var/tmp", "/run", "/var/run", "/mnt/wslg"];
const SOCKET_LIST = "/proc/net/unix";

export class MountPlan {
  private readonly list: Mount[] = [];

  static of(wishes: MountWishes): readonly Mount[] {
    const { territory, checkout } = wishes;
    const { root, gitFolders, cacheDir, secret, packages } = territory;
    const plan = new MountPlan();
    for (const folder of [...SHARED, wishes.runtimeDir]) if (folder !== undefined) plan.makeEmpty(folder, true);
    for (const folder of wishes.programs.split(path.delimiter)) plan.show(folder);
    // In this order: what is shown again must not show what is hidden in it.
    for (const folder of [root, ...gitFolders]) if (!isWithin(cacheDir, folder)) plan.show(folder);
    plan.makeEmpty(cacheDir, false);
    for (const folder of gitFolders) plan.show(folder);
    plan.hideAll([...wishes.secretPlaces, ...secret]);
    plan.bind("writable", checkout);
    // The file that leads to the shared git folder: replaced, it would lead git to settings of the command's own.
    if (kindOf(path.join(checkout, ".git")) !== null) plan.bind("readable", path.join(checkout, ".git"));
    plan.hideAll(wishes.excluded ?? []);
    if (kindOf(packages) !== null) plan.bind(wishes.fillsPackages ? "writable" : "readable", packages);
    for (const file of wishes.readable ?? []) plan.show(file);
    for (const socket of socketsOfOthers()) if (!isWithin(checkout, socket)) plan.hide(socket);
    return plan.list;
  }

  private makeEmpty(folder: string, writable: boolean): void {
    const real = realOf(folder);
    if (real === null || kindOf(real) !== "folder" || this.isGone(real)) return;
    this.list.push({ kind: "empty", at: real, writable });
  }

  private hideAll(places: readonly string[]): void {
    for (const place of places) this.hide(place);
  }

  private hide(place: string): void {
    const real = realOf(place);
    if (real === null || this.isGone(real)) return;
    if (kindOf(real) === "folder") this.list.push({ kind: "empty", at: real, writable: false });
    else this.list.push({ kind: "nothing", at: real });
  }

  /** Makes visible again, read-only, what a mount before has made invisible; under its own name and as it is now. */
  private show(place: string): void {
    const real = path.isAbsolute(place) ? realOf(place) : null;
    if (real !== null && (this.isGone(place) || this.isGone(real))) {
      for (const at of new Set([real, path.resolve(place)])) if (this.isGone(at)) this.list.push({ kind: "readable", at, from: real });
    }
  }

  private bind(kind: "readable" | "writable", place: string): void {
    const from = realOf(place);
    if (from !== null) this.list.push({ kind, at: from, from });
  }

  /** Below a folder that is empty now. */
  private isGone(file: string): boolean {
    const last = this.list.findLast(({ at }) => isWithin(at, file));
    return last !== undefined && (last.kind === "empty" || last.kind === "nothing");
  }
}

function realOf(file: string): string | null {
  try {
    // Most of the places are on no machine, and an error costs as much as ten looks.
    return lstatSync(file, { throwIfNoEntry: false }) === undefined ? null : realpathSync.native(file);
  } catch {
    // It is not there, or nobody can get there.
    return null;
  }
}

function kindOf(file: string): "folder" | "other" | null {
  try {
    const found = lstatSync(file, { throwIfNoEntry: false });
    return found === undefined ? null : found.isDirectory() ? "folder" : "other";
  } catch {
    return null;
  }
}

/** Sockets with a name on the disk that somebody listens at: a read-only mount does not keep anybody from connecting. */
function socketsOfOthers(): readonly string[] {
  let text: string;
  try {
    text = readFileSync(SOCKET_LIST, "utf8");
  } catch {
    return [];
  }
  const named = text.split("\n").flatMap((line) => /^\S+: (?:\S+ +){6}(\/.*)$/.exec(line)?.[1] ?? []);
  return [...new Set(named)];
}
