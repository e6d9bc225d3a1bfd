// One task waits for another one, and why. Data only.

/** `from` must have passed before `to` starts. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly reason: EdgeReason;
}

export type EdgeReason =
  | { readonly kind: "declared" }
  /** Both expect to touch these, and nothing said which one comes first. */
  | { readonly kind: "sharedFiles"; readonly files: readonly string[] };
