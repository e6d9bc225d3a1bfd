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
  const changed = (value: string): void => {
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = setTimeout(() => onChange(value), PAUSE_MS);
  };
  useEffect(() => () => clearTimeout(timer.current ?? undefined), []);
  return (
    <vscode-textfield
      class="search-field"
      label={label}
      placeholder={label}
      value={text}
      onInput={(event) => changed(textOf(event))}
      onKeyDown={(event: KeyboardEvent) => {
        if (event.key === "Escape" && text !== "") onChange("");
      }}
    >
      <Icon slot="content-before" name="search" />
    </vscode-textfield>
  );
}

function textOf({ currentTarget }: Event): string {
  return currentTarget !== null && "value" in currentTarget && typeof currentTarget.value === "string" ? currentTarget.value : "";
}
