// Narrows the list of tasks by words, state and category.
import type { JSX } from "preact";
import { CATEGORIES, STATES } from "../../src/shared/dashboardState";
import { counted } from "../../src/shared/figures";
import type { TaskFilter } from "../../src/shared/savedState";
import { useStore } from "../parts/context";
import { SearchField } from "../parts/searchField";
import { Select } from "../parts/select";

interface FilterBarProps {
  readonly filter: TaskFilter;
  readonly stateNames: Readonly<Record<string, string>>;
  readonly shown: number;
  readonly total: number;
}

export function FilterBar({ filter, stateNames, shown, total }: FilterBarProps): JSX.Element {
  const { kept } = useStore();
  const states = STATES.map((state) => ({ value: state, text: capitalised(stateNames[state] ?? state) }));
  const categories = CATEGORIES.map((category) => ({ value: category, text: category }));
  return (
    <div class="filter-bar" role="search" aria-label="Tasks">
      <SearchField label="Filter tasks" text={filter.text} onChange={(text) => kept.filterTasks({ text })} />
      <Select
        label="State"
        value={filter.state}
        onChange={(state) => kept.filterTasks({ state })}
        options={[{ value: "", text: "Any state" }, { value: "needsPerson", text: "Needs you" }, ...states]}
      />
      <Select
        label="Category"
        value={filter.category}
        onChange={(value) => kept.filterTasks({ category: CATEGORIES.find((one) => one === value) ?? "" })}
        options={[{ value: "", text: "Any category" }, ...categories]}
      />
      <span class="filter-count muted" role="status">
        {shown === total ? counted(total, "task") : `${shown} of ${counted(total, "task")}`}
      </span>
    </div>
  );
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
