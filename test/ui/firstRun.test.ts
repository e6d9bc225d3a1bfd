// The first minutes of somebody who has just installed the extension: the walkthrough, and the sample without a key.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import path from "node:path";
import { SAMPLE_TITLE } from "../builders/journeyScript";
import { until } from "../editor/until";
import { RUN_LIMIT_MS, eventsOf, happens } from "./taskJournal";
import { useWorkbench } from "./workbench";

describe("the first run, through the walkthrough", function () {
  this.timeout(3 * RUN_LIMIT_MS);
  const workbench = useWorkbench();

  it("runs the sample in a folder of its own, ends in review, and leaves the user's project alone", async () => {
    const { window, opened } = workbench();
    await window.runCommand("Countersign: Open Walkthrough");
    await window.page.getByText("See it work, without a key").click();
    await window.page.getByRole("button", { name: "Run the Sample Task" }).first().click();
    await window.asksFor("Where shall it open?");
    await window.pick(/In this window, instead/);
    const sample = await until("the sample's folder is made", () => sampleFolder(workbench().logs), RUN_LIMIT_MS);
    await happens(sample, "taskPassed");
    assert.equal(eventsOf(sample, "attemptRejected").length, 1, "the first attempt fails a check");
    assert.equal(eventsOf(sample, "contractRefused").length, 1);
    await window.openContainer("Countersign");
    await window.treeItem("Review", SAMPLE_TITLE).waitFor();
    assert.ok(!readdirSync(opened).includes(".countersign"));
  });
});

/** Where the extension keeps its samples: beside the logs, in the user's data. */
function sampleFolder(logs: string): string | undefined {
  const storage = path.join(logs, "../User/globalStorage/countersign.countersign/samples");
  try {
    const [run] = readdirSync(storage);
    return run === undefined ? undefined : path.join(storage, run, "tally");
  } catch {
    // Not there yet.
    return undefined;
  }
}
