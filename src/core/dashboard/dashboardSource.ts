// What the dashboard is fed from: the desks of a window's folders and what the editor alone knows.
import type { DashboardState, Limits } from "../../shared/dashboardState";
import type { DeskChange, TaskDesk } from "../desk/taskDesk";

export type DashboardDesk = Pick<TaskDesk, "root" | "ownership" | "tasks" | "task" | "events" | "costs" | "isInterrupted"> & {
  readonly queue: Pick<TaskDesk["queue"], "waiting" | "isRunning" | "isHeld">;
};

export type SourceChange =
  /** Folders came, went or could not be opened, the workspace is trusted now, or a setting has changed. */
  { readonly kind: "folders" } | { readonly kind: "desk"; readonly desk: DashboardDesk; readonly change: DeskChange };

/** Contract: nothing waits; `onChange` tells of every change after it was called, in order. */
export interface DashboardSource {
  /** Desks that are open by now. */
  desks(): readonly DashboardDesk[];
  place(): DashboardState["place"];
  troubles(): readonly string[];
  folderName(root: string): string;
  limits(): Limits;
  onChange(listener: (change: SourceChange) => void): { dispose(): void };
}
