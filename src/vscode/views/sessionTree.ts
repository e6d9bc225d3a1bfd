// The Agent Sessions tree: live sessions first, then the tasks and what was said for each, newest first. Pure; no vscode
// here.
import type { DeskChange } from "../../core/desk/taskDesk";
import type { EventKind } from "../../core/domain/event";
import { modelName } from "../../core/domain/scriptModel";
import type { Role } from "../../core/domain/task";
import { totalTokens } from "../../core/domain/usage";
import type { SessionView, TaskView } from "../../core/projections/taskView";
import { ago, counted, dollars, duration, elapsed, tokens } from "../../shared/figures";
import { ROLE_WORDS } from "../../shared/words";
import type { Target, TaskRef } from "../taskRef";
import type { DeskSource, ShownDesk } from "./deskShelf";
import { line, plain } from "./phrases";
import { row, type Icon, type Row } from "./row";
import { Interner, type TreeModel, type TreeNode } from "./treeModel";

export type SessionNode = TreeNode &
  (
    | { readonly kind: "session"; readonly target: Target & { readonly session: string } }
    | { readonly kind: "task"; readonly target: TaskRef }
    | { readonly kind: "more" }
  );

/** Tasks that are shown at first, and how many more each time. */
const PAGE = 200;
const LIVE_TICK_MS = 1000;
const IDLE_TICK_MS = 60_000;
/** After these a session is live, or no longer, or there is another one. */
const MOVES: ReadonlySet<EventKind> = new Set(["sessionStarted", "sessionEnded", "runStarted", "taskPassed", "taskEscalated", "taskPaused", "taskCancelled", "taskFailed"]);
/** They belong to no session: whatever is live then does not go on before a person has answered. */
const WAITS: ReadonlySet<EventKind> = new Set(["commandAsked", "commandDecided", "commandWithdrawn"]);

const ROLE_ICONS: Readonly<Record<Role, Icon>> = {
  planner: { name: "list-ordered", tone: "plain" },
  contract_negotiator: { name: "law", tone: "plain" },
  generator: { name: "tools", tone: "plain" },
  evaluator: { name: "verified", tone: "plain" },
  single_agent: { name: "hubot", tone: "plain" },
  request_optimizer: { name: "wand", tone: "plain" },
  project_manager: { name: "type-hierarchy", tone: "plain" },
  preamble_writer: { name: "note", tone: "plain" },
  worker: { name: "tools", tone: "plain" },
  qc: { name: "verified", tone: "plain" },
  reporter: { name: "output", tone: "plain" },
};

const LIVE: Icon = { name: "pulse", tone: "active" };
const WAITING: Icon = { name: "shield", tone: "attention" };
const FAILED: Icon = { name: "error", tone: "bad" };
const CUT_OFF: Icon = { name: "debug-disconnect", tone: "attention" };

export class SessionTree implements TreeModel<SessionNode> {
  readonly #nodes = new Interner<SessionNode>();
  #limit = PAGE;

  constructor(
    private readonly source: DeskSource,
    private readonly now: () => number,
  ) {}

  async children(node: SessionNode | null): Promise<readonly SessionNode[]> {
    if (node === null) return this.#roots(await this.source.all());
    if (node.kind !== "task") return [];
    const found = this.#task(node.target);
    if (found === undefined) return [];
    const ended = found.view.sessions.filter((session) => !isLive(found.desk, found.view, session));
    return ended.toReversed().map((session) => this.#session(node.target, session));
  }

  row(node: SessionNode): Row {
    if (node.kind === "more") return this.#moreRow();
    const found = this.#task(node.target);
    if (found === undefined) return row("", { context: "gone" });
    if (node.kind === "task") return taskRow(found.view, this.now());
    const session = found.view.sessions.find(({ id }) => id === node.target.session);
    return session === undefined ? row("", { context: "gone" }) : sessionRow(found, session, node.target, this.now());
  }

  tooltip(node: SessionNode): string | null {
    if (node.kind !== "session") return null;
    const view = this.#task(node.target)?.view;
    const session = view?.sessions.find(({ id }) => id === node.target.session);
    return view === undefined || session === undefined ? null : sessionTooltip(view, session);
  }

  tickMs(): number {
    return this.#live(this.source.opened).length > 0 ? LIVE_TICK_MS : IDLE_TICK_MS;
  }

  changed(desk: ShownDesk, change: DeskChange): readonly SessionNode[] | "all" {
    switch (change.kind) {
      case "reset":
      case "ownership":
      case "queue":
        return "all";
      case "event":
        if (MOVES.has(change.event.kind)) return "all";
        if (WAITS.has(change.event.kind)) return this.#liveOf(desk, change.view);
        return "session" in change.event ? this.#known(sessionId({ root: desk.root, task: change.event.task }, change.event.session)) : [];
      case "live":
      case "trouble":
        return [];
    }
  }

  showMore(): void {
    this.#limit += PAGE;
  }

  #roots(desks: readonly ShownDesk[]): readonly SessionNode[] {
    const live = this.#live(desks).map(({ ref, session }) => this.#session(ref, session));
    const tasks = this.#tasks(desks);
    const shown = tasks.slice(0, this.#limit).map((target) => this.#nodes.of<SessionNode>({ kind: "task", id: `sessions:${target.root}:${target.task}`, target }));
    return [...live, ...shown, ...(shown.length < tasks.length ? [this.#nodes.of<SessionNode>({ kind: "more", id: "more" })] : [])];
  }

  #live(desks: readonly ShownDesk[]): readonly { readonly ref: TaskRef; readonly session: SessionView }[] {
    return desks.flatMap((desk) =>
      desk.tasks().flatMap((view) => {
        if (view.status !== "running") return [];
        return view.sessions.filter((session) => isLive(desk, view, session)).map((session) => ({ ref: { root: desk.root, task: view.request.id }, session }));
      }),
    );
  }

  #liveOf(desk: ShownDesk, view: TaskView): readonly SessionNode[] {
    const live = view.sessions.filter((session) => isLive(desk, view, session));
    return live.flatMap(({ id }) => this.#known(sessionId({ root: desk.root, task: view.request.id }, id)));
  }

  /** Those with a session that is over, the latest first. */
  #tasks(desks: readonly ShownDesk[]): readonly TaskRef[] {
    const found = desks.flatMap((desk) =>
      desk.tasks().flatMap((view) => {
        const last = view.sessions.findLast((session) => !isLive(desk, view, session));
        return last === undefined ? [] : [{ target: { root: desk.root, task: view.request.id }, time: last.startedAt }];
      }),
    );
    return found.toSorted((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0)).map(({ target }) => target);
  }

  #session(ref: TaskRef, { id }: SessionView): SessionNode {
    return this.#nodes.of<SessionNode>({ kind: "session", id: sessionId(ref, id), target: { root: ref.root, task: ref.task, session: id } });
  }

  #moreRow(): Row {
    const click = { kind: "command", command: "countersign.showMoreSessions", title: "Show more", args: [] } as const;
    return row("Show more", { description: `${this.#limit} of ${this.#tasks(this.source.opened).length}`, icon: { name: "ellipsis", tone: "plain" }, context: "more", click });
  }

  #known(id: string): readonly SessionNode[] {
    const node = this.#nodes.known(id);
    return node === undefined ? [] : [node];
  }

  #task({ root, task }: TaskRef): FoundTask | undefined {
    const desk = this.source.opened.find((one) => one.root === root);
    const view = desk?.task(task);
    return desk === undefined || view === undefined ? undefined : { desk, view };
  }
}

interface FoundTask {
  readonly desk: ShownDesk;
  readonly view: TaskView;
}

function sessionId({ root, task }: TaskRef, session: string): string {
  return `session:${root}:${task}:${session}`;
}

/** A session without an end is live while its task runs, here or in another process. */
function isLive(desk: ShownDesk, view: TaskView, session: SessionView): boolean {
  return session.endedAt === null && view.status === "running" && !desk.isInterrupted(view);
}

function taskRow(view: TaskView, now: number): Row {
  const last = view.sessions.at(-1);
  return row(view.request.title, {
    description: line(counted(view.sessions.length, "session"), last !== undefined && ago(last.startedAt, now)),
    expands: "closed",
    context: "sessionTask",
  });
}

function sessionRow({ desk, view }: FoundTask, session: SessionView, target: Target, now: number): Row {
  const live = isLive(desk, view, session);
  // A check's command waits for nobody's session.
  const isWaiting = live && view.waits.some(({ purpose }) => purpose === "agent");
  const label = line(ROLE_WORDS[session.role], session.attempt > 1 && `attempt ${session.attempt}`);
  const facts = [
    `${tokens(totalTokens(session.usage))} tokens`,
    session.cost.usd > 0 || session.cost.unpricedCalls === 0 ? dollars(session.cost.usd) : "cost unknown",
  ];
  const description = live
    ? line(isWaiting && "a command waits for approval", `turn ${session.turns + 1}`, elapsed(session.startedAt, now), ...facts, view.request.title, modelName(session.model))
    : line(ended(session), counted(session.turns, "turn"), lasted(session), ...facts, modelName(session.model));
  return row(label, {
    description,
    icon: live ? (isWaiting ? WAITING : LIVE) : iconOf(session),
    context: `session${live ? " live" : ""}`,
    click: { kind: "command", command: "countersign.showTranscript", title: "Show Transcript", args: [{ target }] },
  });
}

function iconOf(session: SessionView): Icon {
  if (session.outcome === null) return CUT_OFF;
  return session.outcome === "completed" ? ROLE_ICONS[session.role] : FAILED;
}

function ended({ outcome }: SessionView): string {
  if (outcome === null) return "interrupted";
  return outcome === "completed" ? "" : outcome.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function lasted({ startedAt, endedAt }: SessionView): string {
  return endedAt === null ? "" : duration(Date.parse(endedAt) - Date.parse(startedAt));
}

function sessionTooltip(view: TaskView, session: SessionView): string {
  const { usage } = session;
  const parts = [
    `**${ROLE_WORDS[session.role]}** for ${plain(view.request.title)}`,
    line(plain(session.model), counted(session.turns, "turn"), counted(session.toolCalls, "tool call"), session.retries > 0 && `${session.retries} × asked again`),
    `Tokens: ${tokens(usage.input)} in, ${tokens(usage.cacheRead)} from cache, ${tokens(usage.cacheWrite5m + usage.cacheWrite1h)} into cache, ${tokens(usage.output)} out`,
    session.detail === "" ? "" : plain(session.detail),
  ];
  return parts.filter((text) => text !== "").join("\n\n");
}
