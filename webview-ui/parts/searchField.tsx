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
  const stop = (): void => clearTimeout(timer.current ?? undefined);
  const typed = (value: string): void => {
    stop();
    timer.current = setTimeout(() => onChange(value), PAUSE_MS);
  };
  useEffect(() => stop, []);
  return (
    <vscode-textfield
      class="search-field"
      label={label}
      placeholder={label}
      value={text}
      onInput={({ currentTarget }) => typed(fieldOf(currentTarget)?.value ?? "")}
      onKeyDown={({ key, currentTarget }) => {
        if (key !== "Escape") return;
        stop();
        // What was typed a moment ago is not in `text` yet.
        const field = fieldOf(currentTarget);
        if (field !== null) field.value = "";
        onChange("");
      }}
    >
      <Icon slot="content-before" name="search" />
    </vscode-textfield>
  );
}

function fieldOf(element: EventTarget): { value: string } | null {
  return "value" in element && typeof element.value === "string" ? (element as { value: string }) : null;
}
