// Puts the four tree views together. Nothing is read before one of them is seen.
import type { Disposable } from "vscode";
import { messageOf } from "../../core/domain/errors";
import { ContextKeys } from "../contextKeys";
import type { Host } from "../host";
import { registerNoticesView } from "./noticesView";
import { registerReviewView } from "./reviewView";
import { registerSessionsView } from "./sessionsView";
import { registerTasksView } from "./tasksView";

export function registerViews(host: Host): readonly Disposable[] {
  const keys = new ContextKeys((error) => host.log.error(messageOf(error)));
  return [...registerTasksView(host, keys), ...registerReviewView(host), ...registerSessionsView(host), ...registerNoticesView(host, keys)];
}
