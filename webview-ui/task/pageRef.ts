// The page of one task, as the address of everything on it.
import type { Page } from "../../src/shared/protocol";

export type TaskPageRef = Extract<Page, { readonly kind: "task" }>;
