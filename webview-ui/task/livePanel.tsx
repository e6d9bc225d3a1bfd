// What happens right now: who works, the tool or check that runs, what the model says, what a command prints.
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Live, TaskDetail } from "../../src/shared/dashboardState";
import { counted, elapsed } from "../../src/shared/figures";
import { ROLE_WORDS } from "../../src/shared/words";
import { ActivityLine } from "../activity/activityLine";
import { useNow } from "../parts/clock";
import { Icon } from "../parts/icon";
import { Section } from "../parts/section";

const TICK_MS = 1000;

export function LivePanel({ detail }: { readonly detail: TaskDetail }): JSX.Element | null {
  const { live } = detail;
  if (live === null) return null;
  return (
    <Section title="Now" className="live" note={<Worker detail={detail} live={live} />}>
      <Doing live={live} />
      {live.retry === null ? null : (
        <p class="retry">
          <Icon name="refresh" tone="attention" /> {live.retry}
        </p>
      )}
      {live.text === "" ? null : <Tail className="words" label="What the model says" text={live.text} />}
      {live.text === "" && live.thinking !== "" ? <Tail className="words thinking" label="What the model thinks" text={live.thinking} /> : null}
      {live.output === "" ? null : <Tail className="output" label="Output of the command" text={live.output} />}
      <ul class="recent" aria-label="Last steps">
        {Object.values(live.recent)
          .toSorted((a, b) => a.seq - b.seq)
          .map((entry) => (
            <li key={entry.seq}>
              <ActivityLine entry={entry} />
            </li>
          ))}
      </ul>
    </Section>
  );
}

function Worker({ detail, live }: { readonly detail: TaskDetail; readonly live: Live }): JSX.Element {
  const now = useNow(TICK_MS);
  const session = detail.sessions.find(({ id }) => id === live.session);
  if (session === undefined) return <>{live.check === null ? "" : "Clean room"}</>;
  const { role, model, turns, toolCalls, startedAt } = session;
  return <>{[ROLE_WORDS[role], model, `turn ${turns + 1}`, counted(toolCalls, "call"), elapsed(startedAt, now)].join(" · ")}</>;
}

/** Each thing that runs, with its time. */
function Doing({ live }: { readonly live: Live }): JSX.Element {
  const now = useNow(TICK_MS);
  const tools = Object.entries(live.tools);
  if (live.check !== null) {
    const place = live.check.place === "base" ? "on the base commit" : "in the clean room";
    const which = live.checksOf === 0 ? live.check.id : `${live.check.id}, ${live.checksDone + 1} of ${live.checksOf}`;
    return <Running name={`Check ${which} ${place}`} what={live.check.what} time={elapsed(live.check.since, now)} />;
  }
  if (tools.length === 0) return <Running name={modelWords(live)} what="" time="" />;
  return (
    <>
      {tools.map(([call, { tool, summary, since }]) => (
        <Running key={call} name={tool} what={summary} time={elapsed(since, now)} />
      ))}
    </>
  );
}

function modelWords({ session, isAnswer, text, thinking }: Live): string {
  if (session === null) return "Preparing the next step";
  if (isAnswer) return "The model writes its answer";
  return text === "" && thinking !== "" ? "The model thinks" : "The model works";
}

function Running({ name, what, time }: { readonly name: string; readonly what: string; readonly time: string }): JSX.Element {
  return (
    <p class="doing">
      <Icon name="loading" tone="active" spins />
      <span class="doing-name">{name}</span>
      <code class="doing-what" title={what}>
        {what}
      </code>
      <span class="doing-time">{time}</span>
    </p>
  );
}

interface TailProps {
  readonly className: string;
  readonly label: string;
  readonly text: string;
}

/** The end of a text that grows: follows it, unless the user has scrolled up. */
function Tail({ className, label, text }: TailProps): JSX.Element {
  const element = useRef<HTMLPreElement>(null);
  const isAtEnd = useRef(true);
  useLayoutEffect(() => {
    if (element.current !== null && isAtEnd.current) element.current.scrollTop = element.current.scrollHeight;
  }, [text]);
  return (
    <pre
      ref={element}
      class={`tail ${className}`}
      role="region"
      aria-label={label}
      tabIndex={0}
      onScroll={({ currentTarget: at }) => {
        isAtEnd.current = at.scrollHeight - at.scrollTop - at.clientHeight < 8;
      }}
    >
      {text}
    </pre>
  );
}
