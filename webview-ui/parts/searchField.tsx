// A field for words to filter by. The list follows a moment after the last key.
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "./icon";

const PAUSE_MS = 120;

interface SearchFieldProps {
  readonly label: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
}

export function SearchField({ label, text, onChange }: SearchFieldProps): JSX.Element {
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  /** What is left to be done when the field goes before the pause is over. */
  const pending = useRef<(() => void) | null>(null);
  const settle = (value: string): void => {
    clearTimeout(timer.current ?? undefined);
    pending.current = null;
    onChange(value);
  };
  const typed = (value: string): void => {
    clearTimeout(timer.current ?? undefined);
    pending.current = () => settle(value);
    timer.current = setTimeout(() => settle(value), PAUSE_MS);
  };
  useEffect(() => () => pending.current?.(), []);
  return (
    <vscode-textfield
      ref={(element) => named(element, label)}
      class="search-field"
      placeholder={label}
      value={text}
      onInput={({ currentTarget }) => typed(fieldOf(currentTarget)?.value ?? "")}
      onKeyDown={({ key, currentTarget }) => {
        if (key !== "Escape") return;
        // What was typed a moment ago is not in `text` yet.
        const field = fieldOf(currentTarget);
        if (field !== null) field.value = "";
        settle("");
      }}
    >
      <Icon slot="content-before" name="search" />
    </vscode-textfield>
  );
}

/** The name has no attribute, and a property that is set before the element is defined is taken over then. */
function named(element: (HTMLElement & { label?: string }) | null, label: string): void {
  if (element !== null) element.label = label;
}

function fieldOf(element: EventTarget): { value: string } | null {
  return "value" in element && typeof element.value === "string" ? (element as { value: string }) : null;
}
