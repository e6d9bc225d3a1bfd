// The files of attempts and of their bases as a read-only file system: the editor decides what a file is, so texts,
// pictures and everything else open as they do on disk. A file that is not there is an empty one: a side of a diff.
import {
  EventEmitter,
  FilePermission,
  FileSystemError,
  FileType,
  type Disposable,
  type FileChangeEvent,
  type FileStat,
  type FileSystemProvider,
  type Uri,
} from "vscode";
import { messageOf } from "../../core/domain/errors";
import type { Desks } from "../desks";
import { documentAt } from "./attemptDocument";
import { ByteCache } from "./byteCache";

const CACHE_BYTES = 32 * 1024 * 1024;
const NOTHING = new Uint8Array();

export class AttemptFiles implements FileSystemProvider {
  readonly #changed = new EventEmitter<FileChangeEvent[]>();
  readonly #cache = new ByteCache<Uint8Array>(CACHE_BYTES, (bytes) => bytes.length);

  constructor(private readonly desks: Desks) {}

  /** Never fires: a commit does not change. */
  readonly onDidChangeFile = this.#changed.event;

  watch(): Disposable {
    return { dispose: () => undefined };
  }

  async stat(uri: Uri): Promise<FileStat> {
    const { length } = await this.readFile(uri);
    return { type: FileType.File, ctime: 0, mtime: 0, size: length, permissions: FilePermission.Readonly };
  }

  async readFile(uri: Uri): Promise<Uint8Array> {
    const document = documentAt(uri);
    if (document === undefined) throw FileSystemError.FileNotFound(uri);
    const { root, task, commit, path } = document;
    try {
      return await this.#cache.get([root, task, commit, path].join("\0"), async () => {
        const { desk, view } = await this.desks.find(document);
        if (view.base === null) return NOTHING;
        return (await desk.files.bytesAt(view.base, commit, path)) ?? NOTHING;
      });
    } catch (error) {
      throw FileSystemError.Unavailable(messageOf(error));
    }
  }

  readDirectory(): [string, FileType][] {
    return [];
  }

  createDirectory(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  delete(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  rename(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }
}
