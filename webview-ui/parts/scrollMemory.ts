// Keeps where a scrolling element was, and puts it there again when it comes back with its content.
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect } from "preact/hooks";
import { useStore } from "./context";

/** `isReady`: what is scrolled through has been drawn. */
export function useScrollMemory(element: RefObject<HTMLElement | null>, place: string, isReady: boolean): void {
  const { kept } = useStore();
  useLayoutEffect(() => {
    if (isReady && element.current !== null) element.current.scrollTop = kept.scrollOf(place);
  }, [place, isReady]);
  useEffect(() => {
    const scrolled = element.current;
    if (scrolled === null || !isReady) return undefined;
    const keep = (): void => kept.keepScroll(place, scrolled.scrollTop);
    scrolled.addEventListener("scroll", keep, { passive: true });
    return () => scrolled.removeEventListener("scroll", keep);
  }, [place, isReady]);
}
