// A line of activity before it is bounded and numbered.
import type { Activity } from "../../shared/dashboardState";

export type Line = Omit<Activity, "seq" | "time">;

export function said(group: Activity["group"], what: string, note: string, level: Activity["level"] = "info"): Line {
  return { group, level, what: what.trim(), note, ms: null };
}
