// An icon. It says nothing to a screen reader: what it means stands beside it in words.
import type { JSX } from "preact";
import type { IconName, Tone } from "./icons";

interface IconProps {
  readonly name: IconName;
  readonly tone?: Tone;
  readonly spins?: boolean;
  readonly slot?: string;
}

export function Icon({ name, tone = "plain", spins = false, slot }: IconProps): JSX.Element {
  return (
    <span
      {...(slot === undefined ? {} : { slot })}
      class={`codicon codicon-${name} tone-${tone}${spins ? " codicon-modifier-spin" : ""}`}
      aria-hidden="true"
    />
  );
}
