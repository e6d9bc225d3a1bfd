// Tabs as the editor's panels have them: arrow keys move between them.
import type { JSX } from "preact";
import { useRef } from "preact/hooks";

interface TabsProps<Id extends string> {
  readonly label: string;
  readonly current: Id;
  readonly tabs: readonly { readonly id: Id; readonly text: string }[];
  readonly onChange: (id: Id) => void;
}

export function Tabs<Id extends string>({ label, current, tabs, onChange }: TabsProps<Id>): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const index = tabs.findIndex(({ id }) => id === current);
    const next = tabs[(index + step + tabs.length) % tabs.length];
    if (next === undefined) return;
    onChange(next.id);
    list.current?.querySelector<HTMLElement>(`#tab-head-${next.id}`)?.focus();
  };
  return (
    <div ref={list} class="tabs" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
      {tabs.map(({ id, text }) => (
        <button
          key={id}
          type="button"
          id={`tab-head-${id}`}
          role="tab"
          class="tab"
          aria-selected={id === current}
          {...(id === current ? { "aria-controls": `tab-${id}` } : {})}
          tabIndex={id === current ? 0 : -1}
          onClick={() => onChange(id)}
        >
          {text}
        </button>
      ))}
    </div>
  );
}
