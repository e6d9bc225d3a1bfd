// A list of rows of one height that draws only those in view, however many there are.
import type { JSX, Ref } from "preact";
import { useImperativeHandle, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useResize } from "./resize";
import { useScrollMemory } from "./scrollMemory";

/** Rows drawn beyond each edge, so that a fast scroll meets no empty space. */
const OVERSCAN = 12;

export interface VirtualListHandle {
  /** Scrolls as little as it takes to see the row. */
  reveal(index: number): void;
  scrollToEnd(): void;
}

interface VirtualListProps {
  readonly label: string;
  readonly count: number;
  readonly rowHeight: number;
  /** Must have the height that was said. */
  readonly render: (index: number) => JSX.Element;
  /** Its place is kept under this name. */
  readonly place: string;
  /** Names a row across changes of the list; what is in view stays in view when rows come before it. */
  readonly keyOf: (index: number) => string | number;
  readonly indexOf?: (key: string | number) => number;
  readonly className?: string;
  /** Drawn even out of view: the row that has the focus, or would get it. */
  readonly pinned?: number;
  /** Tabbed to and scrolled with keys; false where rows take the focus themselves. */
  readonly isFocusable?: boolean;
  readonly onScroll?: (edge: { readonly fromTop: number; readonly fromEnd: number }) => void;
  readonly handle?: Ref<VirtualListHandle>;
}

export function VirtualList(props: VirtualListProps): JSX.Element {
  const { label, count, rowHeight, render, place, keyOf, pinned, className = "", isFocusable = true } = props;
  const element = useRef<HTMLDivElement | null>(null);
  const [view, setView] = useState({ top: 0, height: 0 });
  const measure = (): void => {
    const at = element.current;
    if (at === null) return;
    const { scrollTop: top, clientHeight: height } = at;
    setView((known) => (known.top === top && known.height === height ? known : { top, height }));
  };
  useScrollMemory(element, place, count > 0);
  useAnchor(element, props);
  useLayoutEffect(measure, [count, rowHeight, place]);
  useResize(element, measure);
  useImperativeHandle(props.handle ?? null, () => handleOf(element, rowHeight, measure), [rowHeight]);
  const scrolled = ({ currentTarget: at }: { readonly currentTarget: HTMLElement }): void => {
    measure();
    props.onScroll?.({ fromTop: at.scrollTop, fromEnd: at.scrollHeight - at.scrollTop - at.clientHeight });
  };
  const first = Math.max(0, Math.floor(view.top / rowHeight) - OVERSCAN);
  const end = Math.min(count, Math.ceil((view.top + view.height) / rowHeight) + OVERSCAN);
  const indexes = Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index);
  if (pinned !== undefined && pinned < count && !indexes.includes(pinned)) indexes.push(pinned);
  return (
    <div ref={element} class={`virtual ${className}`} role="list" aria-label={label} tabIndex={isFocusable ? 0 : -1} onScroll={scrolled}>
      <div class="virtual-space" style={{ height: `${count * rowHeight}px` }}>
        {indexes.map((index) => (
          <div
            key={keyOf(index)}
            role="listitem"
            aria-setsize={count}
            aria-posinset={index + 1}
            class="virtual-row"
            style={{ transform: `translateY(${index * rowHeight}px)`, height: `${rowHeight}px` }}
          >
            {render(index)}
          </div>
        ))}
      </div>
    </div>
  );
}

type Anchored = Pick<VirtualListProps, "count" | "rowHeight" | "keyOf" | "indexOf">;

/** Rows that come or go before those in view must not move them. */
function useAnchor(element: { readonly current: HTMLElement | null }, { count, rowHeight, keyOf, indexOf }: Anchored): void {
  const first = useRef<string | number | null>(null);
  useLayoutEffect(() => {
    const known = first.current;
    first.current = count === 0 ? null : keyOf(0);
    if (known === null || indexOf === undefined || element.current === null || known === first.current) return;
    const moved = indexOf(known);
    if (moved > 0) element.current.scrollTop += moved * rowHeight;
  }, [count]);
}

function handleOf(element: { readonly current: HTMLElement | null }, rowHeight: number, measure: () => void): VirtualListHandle {
  return {
    reveal(index) {
      const at = element.current;
      if (at === null) return;
      const top = index * rowHeight;
      if (top < at.scrollTop) at.scrollTop = top;
      else if (top + rowHeight > at.scrollTop + at.clientHeight) at.scrollTop = top + rowHeight - at.clientHeight;
      measure();
    },
    scrollToEnd() {
      const at = element.current;
      if (at !== null) at.scrollTop = at.scrollHeight;
      measure();
    },
  };
}
