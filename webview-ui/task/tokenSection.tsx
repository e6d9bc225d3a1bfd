// Tokens by how they are billed.
import type { JSX } from "preact";
import type { Tokens } from "../../src/shared/dashboardState";
import { tokens as figure } from "../../src/shared/figures";
import { Section } from "../parts/section";
import { Bars } from "./bars";

const KINDS: readonly { readonly kind: keyof Tokens; readonly name: string; readonly tone: string }[] = [
  { kind: "input", name: "Fresh input", tone: "orange" },
  { kind: "cacheWrite5m", name: "Cache write, 5 min", tone: "yellow" },
  { kind: "cacheWrite1h", name: "Cache write, 1 h", tone: "yellow" },
  { kind: "cacheRead", name: "Cache read", tone: "green" },
  { kind: "output", name: "Output", tone: "purple" },
];

export function TokenSection({ tokens }: { readonly tokens: Tokens }): JSX.Element | null {
  const total = KINDS.reduce((sum, { kind }) => sum + tokens[kind], 0);
  if (total === 0) return null;
  const read = total - tokens.output;
  const fromCache = read === 0 ? 0 : Math.round((100 * tokens.cacheRead) / read);
  return (
    <Section title="Tokens" note={`${figure(total)}, ${fromCache} % of the input from cache`}>
      <Bars
        title={null}
        items={KINDS.map(({ kind, name, tone }) => ({ name, tone, text: figure(tokens[kind]), share: tokens[kind] / total }))}
      />
    </Section>
  );
}
