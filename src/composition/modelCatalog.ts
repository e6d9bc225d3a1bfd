// The models that a person can choose from: what the server lists, and the price table. A bundle of its own, loaded when
// somebody sets models up; the SDK is loaded when a server is asked.
import { PRICES, pricesOn, withPriceOverrides } from "../core/domain/pricing";
import type { ModelCatalog } from "../core/ports/modelCatalog";

/** `settings`: where a person sets key and base URL, as parts of a sentence. */
export function openModelCatalog(settings: { readonly key: string; readonly baseUrl: string }): ModelCatalog {
  return {
    list: async (credentials, signal) => {
      const { listAnthropicModels } = await import("../adapters/model/anthropicModel");
      return listAnthropicModels({ ...credentials, settings }, signal);
    },
    priced: (own) => Promise.resolve().then(() => pricesOn(own === null || own === undefined ? PRICES : withPriceOverrides(PRICES, own), new Date())),
  };
}
