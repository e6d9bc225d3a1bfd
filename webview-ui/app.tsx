// The page: the overview of all tasks, or one task.
import type { JSX } from "preact";
import { Announcer } from "./parts/announcer";
import { Banners } from "./parts/banners";
import { StoreContext } from "./parts/context";
import { Overview } from "./overview/overview";
import type { Store } from "./store/store";
import { TaskPage } from "./task/taskPage";

export function App({ store }: { readonly store: Store }): JSX.Element {
  const page = store.page.value;
  return (
    <StoreContext.Provider value={store}>
      <Banners />
      {page.kind === "overview" ? <Overview /> : <TaskPage key={`${page.root} ${page.task}`} page={page} />}
      <Announcer />
    </StoreContext.Provider>
  );
}
