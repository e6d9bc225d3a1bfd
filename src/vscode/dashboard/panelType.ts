// What the editor calls the dashboard's panel and view, also after a restart.

export const PANEL_TYPE = "countersign.dashboard";
export const VIEW_ID = "countersign.dashboardView";
