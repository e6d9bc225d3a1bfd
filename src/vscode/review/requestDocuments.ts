// The text of a request for changes while it is written in an editor: a document of its own for each task, kept with the
// workspace until it is sent. Knows nothing of sending.
import { EventEmitter, FileChangeType, FileSystemError, FileType, Uri, type Disposable, type FileChangeEvent, type FileStat, type FileSystemProvider, type Memento } from "vscode";
import type { TaskId } from "../../core/domain/task";
import type { TaskRef } from "../taskRef";

export const REQUEST_SCHEME = "countersign-request";

export function requestUri({ root, task }: TaskRef): Uri {
  return Uri.from({ scheme: REQUEST_SCHEME, authority: task, path: "/Request changes.md", query: JSON.stringify({ root }) });
}

/** undefined for any other document. */
export function requestAt(uri: Uri): TaskRef | undefined {
  if (uri.scheme !== REQUEST_SCHEME) return undefined;
  const match = /^\{"root":(".*")\}$/.exec(uri.query);
  if (match?.[1] === undefined) return undefined;
  const root: unknown = JSON.parse(match[1]);
  return typeof root === "string" ? { root, task: uri.authority as TaskId } : undefined;
}

export class RequestDocuments implements FileSystemProvider {
  readonly #changed = new EventEmitter<FileChangeEvent[]>();
  readonly #times = new Map<string, number>();

  constructor(private readonly store: Memento) {}

  readonly onDidChangeFile = this.#changed.event;

  watch(): Disposable {
    return { dispose: () => undefined };
  }

  stat(uri: Uri): FileStat {
    return { type: FileType.File, ctime: 0, mtime: this.#times.get(uri.toString()) ?? 0, size: this.readFile(uri).length };
  }

  readFile(uri: Uri): Uint8Array {
    return new TextEncoder().encode(this.store.get<string>(keyOf(uri), ""));
  }

  async writeFile(uri: Uri, content: Uint8Array): Promise<void> {
    const text = new TextDecoder().decode(content);
    await this.store.update(keyOf(uri), text === "" ? undefined : text);
    this.#times.set(uri.toString(), (this.#times.get(uri.toString()) ?? 0) + 1);
    this.#changed.fire([{ type: FileChangeType.Changed, uri }]);
  }

  readDirectory(): [string, FileType][] {
    return [];
  }

  createDirectory(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  delete(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  rename(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }
}

function keyOf(uri: Uri): string {
  const ref = requestAt(uri);
  if (ref === undefined) throw FileSystemError.FileNotFound(uri);
  return `review.request:${ref.task}:${ref.root}`;
}
