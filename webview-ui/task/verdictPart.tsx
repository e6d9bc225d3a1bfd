// What the evaluator found, and what the gate made of it.
import type { JSX } from "preact";
import type { AttemptItem } from "../../src/shared/dashboardState";

export function VerdictPart({ attempt: { verdict, reasons, passed } }: { readonly attempt: AttemptItem }): JSX.Element | null {
  if (verdict === null && reasons.length === 0) return null;
  const unmet = verdict?.findings.filter(({ met }) => !met) ?? [];
  return (
    <div class="verdict">
      {verdict === null || verdict.summary === "" ? null : <p class="prose">{verdict.summary}</p>}
      {passed === true ? null : <Points title="Why it did not pass" texts={reasons} />}
      <Points title="Criteria not met" texts={unmet.map(({ criterion, comment }) => `${criterion}: ${comment}`)} />
      <Points title="Issues" texts={verdict?.issues ?? []} />
      <Points title="Required fixes" texts={verdict?.fixes ?? []} />
    </div>
  );
}

function Points({ title, texts }: { readonly title: string; readonly texts: readonly string[] }): JSX.Element | null {
  if (texts.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul class="points">
        {texts.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </>
  );
}
