// The overview without tasks: what to do first.
import type { JSX } from "preact";
import type { DashboardState } from "../../src/shared/dashboardState";
import { Button } from "../parts/buttons";
import { useStore } from "../parts/context";

export function Empty({ place }: { readonly place: DashboardState["place"] }): JSX.Element {
  const { commands } = useStore();
  switch (place) {
    case "opening":
      return (
        <div class="empty quiet" aria-busy="true">
          <p>Reading the tasks of this workspace…</p>
        </div>
      );
    case "noFolder":
      return (
        <div class="empty">
          <p>Countersign works on the folder that is open. Open one first.</p>
          <div class="actions">
            <Button icon="folder-opened" label="Open folder" isPrimary onPress={() => commands.actGlobally("openFolder")} />
            <Button icon="beaker" label="Run the sample task" onPress={() => commands.actGlobally("runSample")} />
          </div>
        </div>
      );
    case "untrusted":
      return (
        <div class="empty">
          <p>Agents run commands of this folder, so nothing runs before you trust it.</p>
        </div>
      );
    case "open":
      return (
        <div class="empty">
          <p>Describe a piece of work. Agents plan it, agree on checks, do it in a worktree of its own and verify it; you review the diff.</p>
          <div class="actions">
            <Button icon="beaker" label="Run the sample task" onPress={() => commands.actGlobally("runSample")} />
            <Button icon="mortar-board" label="Open walkthrough" onPress={() => commands.actGlobally("openWalkthrough")} />
          </div>
        </div>
      );
  }
}
