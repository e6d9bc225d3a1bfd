// Tells a screen reader, politely, what has become of the task on the page.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { TaskRow } from "../../src/shared/dashboardState";
import { PHASE_WORDS } from "../../src/shared/words";
import { useStore } from "./context";

export function Announcer(): JSX.Element {
  const store = useStore();
  const row = store.row.value;
  const names = store.state.value?.stateNames ?? {};
  const before = useRef<TaskRow | null>(null);
  const [text, setText] = useState("");
  useEffect(() => {
    const known = before.current;
    before.current = row;
    if (row === null || known === null || known.task !== row.task || known.root !== row.root) return;
    if (known.state !== row.state) setText(`${row.title}: ${names[row.state] ?? row.state}`);
    else if (known.score !== row.score) setText(`Attempt ${row.attempt}: score ${row.score ?? "none"}, ${row.passed === true ? "passed" : "not passed"}`);
    else if (known.phase !== row.phase && row.phase !== null) setText(`${PHASE_WORDS[row.phase]} began`);
  }, [row]);
  return (
    <div class="sr-only" role="status" aria-live="polite">
      {text}
    </div>
  );
}
