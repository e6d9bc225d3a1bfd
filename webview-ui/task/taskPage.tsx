// One task: its head with what can be done now, and below it the progress or the activity.
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { TaskDetail, TaskRow } from "../../src/shared/dashboardState";
import { ActivityTab } from "../activity/activityTab";
import { Empty } from "../overview/empty";
import { useStore } from "../parts/context";
import { useScrollMemory } from "../parts/scrollMemory";
import { Tabs } from "../parts/tabs";
import type { TaskPageRef } from "./pageRef";
import { Attempts } from "./attempts";
import { Changes } from "./changes";
import { CostSection } from "./costSection";
import { LivePanel } from "./livePanel";
import { RequestSection } from "./requestSection";
import { Scores } from "./scores";
import { TaskHead } from "./taskHead";
import { Timeline } from "./timeline";
import { TokenSection } from "./tokenSection";

export function TaskPage({ page }: { readonly page: TaskPageRef }): JSX.Element {
  const store = useStore();
  const row = store.row.value;
  const detail = store.detail.value;
  const isKnown = row !== null || (store.state.value !== null && store.state.value.place === "open" && store.state.value.left === 0);
  return (
    <main class="page task">
      <TaskHead page={page} row={row} detail={detail} isKnown={isKnown} />
      {row === null && store.state.value?.place === "opening" ? <Empty place="opening" /> : null}
      {row === null ? null : (
        <>
          <Tabs
            label="Task"
            current={page.tab}
            tabs={[
              { id: "progress", text: "Progress" },
              { id: "activity", text: "Activity" },
            ]}
            onChange={(tab) => store.go({ ...page, tab })}
          />
          {page.tab === "activity" ? <ActivityTab page={page} /> : <Progress page={page} row={row} detail={detail} />}
        </>
      )}
    </main>
  );
}

interface ProgressProps {
  readonly page: TaskPageRef;
  readonly row: TaskRow;
  readonly detail: TaskDetail | null;
}

function Progress({ page, row, detail }: ProgressProps): JSX.Element {
  const element = useRef<HTMLDivElement>(null);
  useScrollMemory(element, `${page.task} ${page.root}`, detail !== null);
  return (
    <div ref={element} id="tab-progress" role="tabpanel" aria-labelledby="tab-head-progress" class="scrolls" tabIndex={-1}>
      {detail === null ? null : (
        <div class="columns">
          <div class="main-column">
            <LivePanel detail={detail} />
            <Timeline detail={detail} row={row} />
            <Attempts detail={detail} row={row} />
            <RequestSection detail={detail} row={row} />
          </div>
          <aside class="side-column" aria-label="Figures">
            <CostSection detail={detail} />
            <Scores attempts={detail.attempts} />
            <TokenSection tokens={detail.tokens} />
            <Changes detail={detail} />
          </aside>
        </div>
      )}
    </div>
  );
}
