// A titled part of a page, and a part that can be opened and closed by its head.
import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";
import { useStore } from "./context";
import { Icon } from "./icon";

interface SectionProps {
  readonly title: string;
  /** Stands at the end of the title's line. */
  readonly note?: ComponentChildren;
  readonly className?: string;
  readonly children: ComponentChildren;
}

export function Section({ title, note, className = "", children }: SectionProps): JSX.Element {
  const id = useId();
  return (
    <section class={`section ${className}`} aria-labelledby={id}>
      <div class="section-head">
        <h2 id={id}>{title}</h2>
        {note === undefined ? null : <span class="section-note">{note}</span>}
      </div>
      {children}
    </section>
  );
}

interface DisclosureProps {
  /** Under this name it is kept whether it is open. */
  readonly name: string;
  readonly isOpenAtFirst: boolean;
  readonly className?: string;
  readonly head: ComponentChildren;
  /** Made only while it is open. */
  readonly body: () => ComponentChildren;
}

export function Disclosure({ name, isOpenAtFirst, className = "", head, body }: DisclosureProps): JSX.Element {
  const { kept } = useStore();
  const id = useId();
  const isOpen = kept.isOpen(name, isOpenAtFirst);
  return (
    <div class={`disclosure ${className}`}>
      <button type="button" class="disclosure-head" aria-expanded={isOpen} aria-controls={id} onClick={() => kept.setOpen(name, !isOpen)}>
        <Icon name={isOpen ? "chevron-down" : "chevron-right"} />
        {head}
      </button>
      <div id={id} class="disclosure-body" hidden={!isOpen}>
        {isOpen ? body() : null}
      </div>
    </div>
  );
}
