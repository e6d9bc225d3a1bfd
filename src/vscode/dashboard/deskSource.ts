// The dashboard's source: the desks of the window's folders, their names, and the settings that are limits.
import { Uri, workspace, type Disposable } from "vscode";
import type { DashboardSource, SourceChange } from "../../core/dashboard/dashboardSource";
import type { TaskDesk } from "../../core/desk/taskDesk";
import type { DashboardState, Limits } from "../../shared/dashboardState";
import type { Host } from "../host";
import { report } from "../run";

export class DeskSource implements DashboardSource, Disposable {
  readonly #listeners = new Set<(change: SourceChange) => void>();
  readonly #subscriptions: readonly Disposable[];
  #hasBegun = false;
  /** Times that desks are being opened now. */
  #openings = 0;
  /** Settings are looked up when one has changed, not for every frame. */
  #limits: Limits | null = null;

  constructor(private readonly host: Host) {
    this.#subscriptions = [
      host.desks.onDidChange(({ desk, change }) => this.#tell({ kind: "desk", desk, change })),
      host.desks.onDidChangeFolders(() => this.#open()),
      host.config.onDidChange("", () => {
        this.#limits = null;
        this.#tell({ kind: "folders" });
      }),
    ];
  }

  desks(): readonly TaskDesk[] {
    return this.host.desks.opened;
  }

  place(): DashboardState["place"] {
    if (!workspace.isTrusted) return "untrusted";
    if ((workspace.workspaceFolders ?? []).length === 0) return "noFolder";
    const isOpening = this.#openings > 0 || !this.#hasBegun;
    return isOpening && this.desks().length === 0 ? "opening" : "open";
  }

  troubles(): readonly string[] {
    return this.host.desks.troubles.map(({ folder, message }) => `${folder.name}: ${message}`);
  }

  folderName(root: string): string {
    return workspace.getWorkspaceFolder(Uri.file(root))?.name ?? root;
  }

  limits(): Limits {
    this.#limits ??= limitsOf(this.host);
    return this.#limits;
  }

  onChange(listener: (change: SourceChange) => void): Disposable {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#listeners.clear();
  }

  /** Opens the desks of the folders. To be called when a page runs: loading them before would delay its first sight. */
  begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.#open();
  }

  /** Opens the desks that are not open yet; asked again whenever folders have come or gone. */
  #open(): void {
    this.#openings += 1;
    this.host.desks
      .all()
      .finally(() => {
        this.#openings -= 1;
        this.#tell({ kind: "folders" });
      })
      .catch((error: unknown) => report(this.host, error));
  }

  #tell(change: SourceChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

function limitsOf({ config }: Host): Limits {
  const { budget, passScore, maxRetries } = config.desk();
  return { ...budget, passScore, attempts: maxRetries + 1 };
}
