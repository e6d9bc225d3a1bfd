// Many tasks on a fake desk: each in the state that a test wants to see listed, created a minute apart.
import type { EventBody } from "../../src/core/domain/event";
import type { Category, TaskId } from "../../src/core/domain/task";
import { routeTask } from "../../src/core/domain/routing";
import { FakeDesk } from "../fakes/fakeDesk";
import { A_BASE } from "./viewBuilder";
import { aTask } from "./taskBuilder";
import { aTaskRequest } from "./samples";

const MORNING = Date.UTC(2026, 0, 5, 9, 0, 0);

export class DeskHistory {
  #seq = 0;

  /** `start`: when the first task is created, ms. */
  constructor(
    readonly desk: FakeDesk = new FakeDesk(),
    private readonly start = MORNING,
  ) {}

  /** A task that was only created. */
  created(title: string, category: Category = "PREP"): TaskId {
    const id = title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-") as TaskId;
    const request = aTaskRequest({ id, title, category });
    const route = routeTask(request);
    this.#append(id, { kind: "taskCreated", request, type: route.kind === "run" ? route.type : null, reason: route.reason }, 60_000);
    return id;
  }

  queued(title: string, rank: number, category: Category = "PREP"): TaskId {
    const id = this.created(title, category);
    this.add(id, { kind: "runQueued", rank });
    return id;
  }

  running(title: string, category: Category = "PREP"): TaskId {
    const id = this.created(title, category);
    this.desk.setRunning(id, true);
    this.add(id, { kind: "runStarted", resumed: false, version: "0.1.0" }, { kind: "baseSnapshotted", base: A_BASE });
    return id;
  }

  /** A failed attempt, then a passed one; its diff waits for the user. */
  inReview(title: string, category: Category = "PREP"): TaskId {
    return this.#played(title, category, "pass");
  }

  escalated(title: string): TaskId {
    return this.#played(title, "PREP", "fail");
  }

  add(task: TaskId, ...bodies: readonly EventBody[]): void {
    for (const body of bodies) this.#append(task, body, 1000);
  }

  #played(title: string, category: Category, result: "pass" | "fail"): TaskId {
    const id = this.created(title, category);
    const history = aTask({ id, title, category }).withSession("planner").withPlan().withContract().withAttempt("fail").withAttempt(result);
    const told = (result === "pass" ? history.passed() : history.escalated()).with({
      kind: "notificationRaised",
      ...(result === "pass" ? { level: "info", about: "review", text: `"${title}" is ready for your review.` } : { level: "warning", about: "escalation", text: `"${title}" needs you.` }),
    });
    this.add(id, { kind: "baseSnapshotted", base: { ...A_BASE, root: this.desk.root } }, ...told.bodies.slice(1));
    return id;
  }

  #append(task: TaskId, body: EventBody, afterMs: number): void {
    this.#seq += 1;
    const last = this.desk.journal.at(-1);
    const time = new Date((last === undefined ? this.start : Date.parse(last.time)) + afterMs).toISOString();
    this.desk.replay({ seq: this.#seq, time, task, ...body });
  }
}
