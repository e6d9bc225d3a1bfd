// What was asked for, and the criteria that the work is held to.
import type { JSX } from "preact";
import type { TaskDetail, TaskRow } from "../../src/shared/dashboardState";
import { counted } from "../../src/shared/figures";
import { Icon } from "../parts/icon";
import { Section } from "../parts/section";

export function RequestSection({ detail, row }: { readonly detail: TaskDetail; readonly row: TaskRow }): JSX.Element {
  const description = detail.description.trim();
  return (
    <>
      <Contract detail={detail} />
      {description === row.title.trim() || description === "" ? null : (
        <Section title="Request" note={detail.branch ?? undefined}>
          <p class="prose">{description}</p>
          {detail.attachments.length === 0 ? null : <p class="muted">Attached: {detail.attachments.join(", ")}</p>}
        </Section>
      )}
    </>
  );
}

function Contract({ detail: { contract, criteria } }: { readonly detail: TaskDetail }): JSX.Element | null {
  if (contract.state === "none" && contract.problems.length === 0) return null;
  const rounds = contract.rounds > 1 ? ` after ${counted(contract.rounds, "round")}` : "";
  const note = contract.state === "none" ? `refused, round ${contract.rounds}` : `${contract.state}${rounds} · ${counted(contract.checks, "check")}`;
  return (
    <Section title="Contract" note={note}>
      {contract.problems.length === 0 ? null : (
        <ul class="points">
          {contract.problems.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      )}
      <ul class="criteria">
        {criteria.map(({ id, text, kind }) => (
          <li key={id}>
            <span class="criterion-id">{id}</span>
            <span class="prose">{text}</span>
            <span
              class="criterion-kind"
              title={kind === "change" ? "Red before the work, green after it" : "Green before and after the work"}
            >
              <Icon name={kind === "change" ? "sparkle" : "lock"} tone="muted" /> {kind}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
