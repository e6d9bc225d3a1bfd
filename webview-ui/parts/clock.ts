// Time as components show it: it ticks while somebody looks at something that goes on.
import { useEffect, useState } from "preact/hooks";
import { useStore } from "./context";

/** The extension's time, anew every `everyMs` milliseconds. */
export function useNow(everyMs: number): number {
  const store = useStore();
  const [now, setNow] = useState(() => store.now());
  useEffect(() => {
    setNow(store.now());
    const timer = setInterval(() => setNow(store.now()), everyMs);
    return () => clearInterval(timer);
  }, [store, everyMs]);
  return now;
}
