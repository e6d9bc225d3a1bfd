// Buttons: the editor's own for what matters, a small one with an icon for what only shows something.
import type { ComponentChildren, JSX } from "preact";
import { Icon } from "./icon";
import type { IconName } from "./icons";

interface ButtonProps {
  readonly icon: IconName;
  readonly label: string;
  readonly onPress: () => void;
  readonly isPrimary?: boolean;
  readonly isBusy?: boolean;
  readonly title?: string;
}

export function Button({ icon, label, onPress, isPrimary = false, isBusy = false, title }: ButtonProps): JSX.Element {
  return (
    <vscode-button
      secondary={!isPrimary}
      disabled={isBusy}
      aria-disabled={isBusy}
      onClick={onPress}
      onKeyDown={keepFromScrolling}
      {...(title === undefined ? {} : { title })}
    >
      <Icon slot="content-before" name={isBusy ? "loading" : icon} spins={isBusy} />
      {label}
    </vscode-button>
  );
}

/** The element answers the space bar, but leaves the page to scroll by it, too. */
function keepFromScrolling(event: KeyboardEvent): void {
  if (event.key === " ") event.preventDefault();
}

interface IconButtonProps {
  readonly icon: IconName;
  readonly label: string;
  readonly onPress: () => void;
  readonly isBusy?: boolean;
  /** Shows the label beside the icon. */
  readonly isWorded?: boolean;
}

export function IconButton({ icon, label, onPress, isBusy = false, isWorded = false }: IconButtonProps): JSX.Element {
  return (
    <button
      type="button"
      class={`icon-button${isWorded ? " worded" : ""}`}
      title={label}
      {...(isWorded ? {} : { "aria-label": label })}
      disabled={isBusy}
      onClick={onPress}
    >
      <Icon name={isBusy ? "loading" : icon} spins={isBusy} />
      {isWorded ? <span>{label}</span> : null}
    </button>
  );
}

interface LinkButtonProps {
  readonly onPress: () => void;
  readonly title?: string;
  readonly children: ComponentChildren;
}

/** Looks like a link and opens something in the editor. */
export function LinkButton({ onPress, title, children }: LinkButtonProps): JSX.Element {
  return (
    <button type="button" class="link" onClick={onPress} {...(title === undefined ? {} : { title })}>
      {children}
    </button>
  );
}
