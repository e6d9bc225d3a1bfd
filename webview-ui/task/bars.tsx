// Named amounts, each with a bar for its share of the whole.
import type { JSX } from "preact";

interface BarsProps {
  /** null where the section's title says it. */
  readonly title: string | null;
  readonly items: readonly { readonly name: string; readonly text: string; readonly share: number; readonly tone?: string }[];
}

export function Bars({ title, items }: BarsProps): JSX.Element | null {
  if (items.length === 0) return null;
  return (
    <>
      {title === null ? null : <h3>{title}</h3>}
      <dl class="bars">
        {items.map(({ name, text, share, tone = "blue" }) => (
          <div key={name} class="bar-row">
            <dt>{name}</dt>
            <dd class="bar-text">{text}</dd>
            <dd class="bar-track" aria-hidden="true">
              <span class={`bar ${tone}`} style={{ width: `${Math.max(share * 100, share > 0 ? 0.5 : 0)}%` }} />
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
