// Documents that are made and not edited, as a read-only file system: they open as files do, survive a reload of the
// window, and a change reaches an open editor as the smallest edit, so that nobody's place in it is lost.
import { EventEmitter, FileChangeType, FilePermission, FileSystemError, FileType, type Disposable, type FileChangeEvent, type FileStat, type FileSystemProvider, type Uri } from "vscode";
import { messageOf } from "../../core/domain/errors";

export interface MadeFile {
  readonly bytes: Uint8Array;
  /** Milliseconds; larger after every change, or the editor does not read it again. */
  readonly modified: number;
}

export class ReadonlyFiles implements FileSystemProvider, Disposable {
  readonly #changed = new EventEmitter<FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;

  constructor(private readonly make: (uri: Uri) => Promise<MadeFile>) {}

  /** Whoever shows the document reads it again. */
  changed(uri: Uri): void {
    this.#changed.fire([{ type: FileChangeType.Changed, uri }]);
  }

  watch(): Disposable {
    return { dispose: () => undefined };
  }

  async stat(uri: Uri): Promise<FileStat> {
    const { bytes, modified } = await this.#made(uri);
    return { type: FileType.File, ctime: 0, mtime: modified, size: bytes.length, permissions: FilePermission.Readonly };
  }

  async readFile(uri: Uri): Promise<Uint8Array> {
    return (await this.#made(uri)).bytes;
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

  dispose(): void {
    this.#changed.dispose();
  }

  async #made(uri: Uri): Promise<MadeFile> {
    try {
      return await this.make(uri);
    } catch (error) {
      throw FileSystemError.Unavailable(messageOf(error));
    }
  }
}
