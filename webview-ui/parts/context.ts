// Hands the page's store to every component.
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Store } from "../store/store";

export const StoreContext = createContext<Store | null>(null);

export function useStore(): Store {
  const store = useContext(StoreContext);
  if (store === null) throw new Error("A component stands outside of the page.");
  return store;
}
