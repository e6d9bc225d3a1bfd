// What a model is shown as when somebody chooses one: its price and its size, as far as they are known. Pure.
import type { PriceTier, PricedModel, Rates } from "../../core/domain/pricing";
import { dollars, roundTokens } from "../../shared/figures";
import type { ListedModel } from "../../core/ports/modelCatalog";

export interface ModelFacts {
  /** As a role's setting holds it. */
  readonly id: string;
  /** As people call it; the id where there is no other. */
  readonly name: string;
  /** Price and size, in that order. */
  readonly facts: string;
}

/** Models of a server's list, in its order, with the prices that are known. */
export function listedModels(listed: readonly ListedModel[], priced: readonly PricedModel[]): readonly ModelFacts[] {
  return listed.map(({ id, name, contextTokens, outputTokens, lifecycle }) => {
    const known = priced.find((price) => price.id === id);
    const facts = [known === undefined ? UNKNOWN_PRICE : priceText(known), contextText(contextTokens), outputText(outputTokens), lifecycle === "deprecated" ? "going to end" : ""];
    return { id, name, facts: joined(facts) };
  });
}

/** Models of the price table, where no server can be asked. Aliases that name a day say nothing new. */
export function pricedModels(priced: readonly PricedModel[]): readonly ModelFacts[] {
  const lasting = priced.filter(({ id }) => !/-\d{8}$/.test(id) && !id.includes(":"));
  return lasting.map((price) => ({ id: price.id, name: price.id, facts: priceText(price) }));
}

export interface EditorModelFacts {
  readonly id: string;
  readonly name: string;
  readonly vendor: string;
  readonly family: string;
  readonly maxInputTokens: number;
}

/** One of the editor's own models; `id` with its prefix. Whoever provides it bills it. */
export function editorModelFacts({ id, name, vendor, family, maxInputTokens }: EditorModelFacts, priced: readonly PricedModel[]): ModelFacts {
  const known = priced.find((price) => price.id === id);
  const price = known === undefined ? `billed by ${vendor}, price unknown` : priceText(known);
  return { id, name, facts: joined([price, contextText(maxInputTokens), family === name ? "" : family]) };
}

export const UNKNOWN_PRICE = "price unknown";

/** `$4 in, $20 out per million tokens`, with what a longer prompt costs where that differs. */
export function priceText({ rates, tiers }: { readonly rates: Rates; readonly tiers: readonly PriceTier[] }): string {
  const longer = tiers.map((tier) => `; ${plainRates(tier.rates)} above ${roundTokens(tier.promptAbove)}`);
  return `${plainRates(rates)} per million tokens${longer.join("")}`;
}

function plainRates({ input, output }: Rates): string {
  return `${short(input)} in, ${short(output)} out`;
}

/** `$4`, not `$4.00`. */
function short(usd: number): string {
  return Number.isInteger(usd) ? `$${usd}` : dollars(usd);
}

function contextText(count: number | null): string {
  return count === null || count <= 0 ? "" : `${roundTokens(count)} context`;
}

function outputText(count: number | null): string {
  return count === null || count <= 0 ? "" : `${roundTokens(count)} output`;
}

function joined(facts: readonly string[]): string {
  return facts.filter((fact) => fact !== "").join(" · ");
}
