// Whether the page is as narrow as a side bar: rows have two lines then, columns become one.
import { useEffect, useState } from "preact/hooks";

const NARROW = "(max-width: 640px)";

export function useIsNarrow(): boolean {
  const [isNarrow, setIsNarrow] = useState(() => window.matchMedia(NARROW).matches);
  useEffect(() => {
    const query = window.matchMedia(NARROW);
    const changed = (): void => setIsNarrow(query.matches);
    query.addEventListener("change", changed);
    return () => query.removeEventListener("change", changed);
  }, []);
  return isNarrow;
}
