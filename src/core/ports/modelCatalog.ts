// What models there are to choose from, and what they cost: for whoever sets models up. The engine never asks.
import type { PricedModel } from "../domain/pricing";
import type { ModelFailure } from "./modelClient";

export interface ServerCredentials {
  readonly apiKey?: string | undefined;
  readonly authToken?: string | undefined;
  /** A compatible server; the vendor's own when missing. */
  readonly baseUrl?: string | undefined;
}

export interface ListedModel {
  readonly id: string;
  /** As people call it. */
  readonly name: string;
  /** Tokens of a whole prompt; null where the server does not say. */
  readonly contextTokens: number | null;
  /** Tokens of one response; null where the server does not say. */
  readonly outputTokens: number | null;
  /** `deprecated`: it still answers and is going to end. Retired ones are not listed. */
  readonly lifecycle: "active" | "deprecated";
}

export type ModelListing =
  | { readonly kind: "listed"; readonly models: readonly ListedModel[] }
  /** The server answered and has no list: nothing is known about the key either. */
  | { readonly kind: "noList" }
  | { readonly kind: "failed"; readonly failure: ModelFailure };

/**
 * Contract:
 * - `list` asks the server now, once, without retries, and never throws; a cancel through `signal` ends it with
 *   `failed` (`cancelled`). No key is in what it returns.
 * - `priced` is the price table as it counts today, with the user's own prices over it. Throws CountersignError
 *   `badRequest` for prices that cannot be used.
 */
export interface ModelCatalog {
  list(credentials: ServerCredentials, signal: AbortSignal): Promise<ModelListing>;
  priced(ownPrices: unknown): Promise<readonly PricedModel[]>;
}
