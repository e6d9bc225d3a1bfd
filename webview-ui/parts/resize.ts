// Tells when an element has another size, a frame later: what is drawn for it then changes no size in the same frame.
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

/** Of `resized` the first one is called: it must not depend on what was drawn. */
export function useResize(element: RefObject<HTMLElement | null>, resized: () => void): void {
  useEffect(() => {
    let frame = 0;
    const observer = new ResizeObserver(() => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(resized);
    });
    if (element.current !== null) observer.observe(element.current);
    return () => {
      observer.disconnect();
      cancelAnimationFrame(frame);
    };
  }, []);
}
