// The Tasks tree over a journal of 3,000 tasks in a real window: how often the editor asks, counted.
import assert from "node:assert/strict";
import path from "node:path";
import { commands, extensions, window, type Disposable, type TreeItem } from "vscode";
import { SystemClock } from "../../src/adapters/clock/systemClock";
import { openJournal, type SourceJournal } from "../../src/adapters/store/fileJournal";
import { openDesk } from "../../src/composition/desk";
import type { TaskDesk } from "../../src/core/desk/taskDesk";
import type { TaskId } from "../../src/core/domain/task";
import { Config } from "../../src/vscode/config";
import { NodeTree } from "../../src/vscode/views/nodeTree";
import { NO_FILTER, type TaskOrder } from "../../src/vscode/views/taskGroups";
import type { TaskNode } from "../../src/vscode/views/taskNodes";
import { PAGE, TaskTree } from "../../src/vscode/views/taskTree";
import { systemTimers } from "../../src/vscode/views/timers";
import { DeskHistory } from "../builders/deskHistory";
import { writeJournal } from "../builders/journalOnDisk";
import { aRepository } from "../builders/repoBuilder";
import { tempFolder } from "../builders/tempFolder";
import { FakeModel } from "../fakes/fakeModel";
import { SilentLogger } from "../fakes/silentLogger";
import { until } from "../editor/until";

const TASKS = 3000;
const LOGGER = new SilentLogger();
const VIEW = "countersignTest.tree";
/** Root, three groups, a page of each and "Show more": what a tree that is drawn whole asks for. */
const WHOLE = { children: 4, items: 3 + 3 * (PAGE + 1) };

/** Counts what the editor asks for. */
class CountedTree extends NodeTree<TaskNode> {
  children = 0;
  items: TaskNode[] = [];

  override getChildren(node?: TaskNode): Promise<TaskNode[]> {
    this.children += 1;
    return super.getChildren(node);
  }

  override getTreeItem(node: TaskNode): TreeItem {
    this.items.push(node);
    return super.getTreeItem(node);
  }

  forget(): void {
    this.children = 0;
    this.items = [];
  }
}

class Bench {
  private constructor(
    readonly desk: TaskDesk,
    readonly journal: SourceJournal,
    readonly tree: CountedTree,
    private readonly held: readonly Disposable[],
  ) {}

  /** This test owns the journal and writes, as another process would; the desk follows. */
  static async open(folder: string): Promise<Bench> {
    const repo = aRepository(path.join(folder, "repo"), { "README.md": "# Many tasks\n" });
    const history = new DeskHistory();
    for (let index = 0; index < TASKS; index += 1) history.created(`Task ${index}`, index % 3 === 0 ? "DISPATCH" : index % 3 === 1 ? "PREP" : "YOURS");
    writeJournal(repo.dir, history.desk.journal);
    const journal = await openJournal(path.join(repo.dir, ".countersign/state"), { clock: new SystemClock(), logger: LOGGER });
    const log = window.createOutputChannel("Countersign tests", { log: true });
    const config = new Config(log, extensions.getExtension("countersign.countersign")?.packageJSON);
    const env = { ...process.env, COUNTERSIGN_CACHE_DIR: path.join(folder, "cache") };
    const access = { credentials: () => Promise.resolve(null), advice: "" };
    const desk = await openDesk(repo.dir, { env, logger: LOGGER, settings: () => config.desk(), editorModels: new FakeModel(), access });
    const source = { opened: [desk], troubles: [], all: () => Promise.resolve([desk]) };
    const order: TaskOrder = { grouping: "category", filter: NO_FILTER };
    const model = new TaskTree(source, () => order, () => Date.now());
    const tree = new CountedTree(model, systemTimers);
    const listening = desk.onChange((change) => tree.refresh(model.changed(desk, change)));
    const view = window.createTreeView(VIEW, { treeDataProvider: tree });
    return new Bench(desk, journal, tree, [log, view, tree, listening]);
  }

  /** Waits until the editor has asked for that much, and for nothing else a while. */
  async settles(items: number): Promise<void> {
    await until(`the editor has asked for ${items} items`, () => this.tree.items.length >= items);
    let [count, quiet] = [this.tree.items.length, 0];
    await until("the editor asks for nothing else", () => {
      quiet = count === this.tree.items.length ? quiet + 1 : 0;
      count = this.tree.items.length;
      return quiet === 10;
    });
  }

  async append(task: TaskId, file: string): Promise<void> {
    this.journal.append(task, { kind: "handoffWritten", file });
    await this.journal.flush();
  }

  async close(): Promise<void> {
    for (const one of this.held) one.dispose();
    await this.journal.close();
    await this.desk.shutDown();
  }
}

describe("a tree of 3,000 tasks", () => {
  const folder = tempFolder();
  let bench: Bench;

  beforeEach(async () => {
    bench = await Bench.open(folder());
    await commands.executeCommand(`${VIEW}.focus`);
    await bench.settles(WHOLE.items);
  });

  afterEach(() => bench.close());

  const idOf = (node: TaskNode | undefined): TaskId | undefined => (node?.kind === "task" ? node.target.task : undefined);

  it("asks for a page of each group and for nobody's parts", () => {
    assert.equal(bench.desk.tasks().length, TASKS);
    assert.deepEqual({ children: bench.tree.children, items: bench.tree.items.length }, WHOLE);
  });

  it("asks for one item and no children when one task has changed", async () => {
    const [shown] = bench.tree.items.filter((node) => node.kind === "task");
    bench.tree.forget();
    await bench.append(idOf(shown)!, "plan.md");
    await bench.settles(1);
    assert.deepEqual([bench.tree.items, bench.tree.children], [[shown], 0]);
  });

  it("asks for nothing when a task has changed that is on no page", async () => {
    const last = bench.desk.tasks().at(-1)?.request.id;
    assert.ok(bench.tree.items.every((node) => idOf(node) !== last));
    bench.tree.forget();
    await bench.append(last!, "plan.md");
    await until("the desk has read it", () => bench.desk.task(last!)?.handoffs.length === 1);
    const [shown] = bench.desk.tasks();
    await bench.append(shown!.request.id, "plan.md");
    await bench.settles(1);
    assert.deepEqual(bench.tree.items.map(idOf), [shown!.request.id]);
  });

  it("asks a few times, not a thousand, while a task writes a thousand events", async () => {
    const [shown] = bench.tree.items.filter((node) => node.kind === "task");
    bench.tree.forget();
    for (let round = 0; round < 20; round += 1) {
      for (let step = 0; step < 49; step += 1) bench.journal.append(idOf(shown)!, { kind: "handoffWritten", file: `verification/${round}-${step}.log` });
      await bench.append(idOf(shown)!, `deliverables/${round}.md`);
    }
    await until("the desk has read them", () => bench.desk.task(idOf(shown)!)?.handoffs.length === 1000);
    await bench.settles(1);
    assert.ok(bench.tree.items.length <= 21, `${bench.tree.items.length} items were asked for`);
    assert.deepEqual([new Set(bench.tree.items).size, bench.tree.children], [1, 0]);
  });

  it("asks for two groups when a task goes from one to the other", async () => {
    const [shown] = bench.tree.items.filter((node) => node.kind === "task");
    bench.tree.forget();
    bench.journal.append(idOf(shown)!, { kind: "categoryChanged", category: "PREP", type: "multi_agent", reason: "moved" });
    await bench.journal.flush();
    await bench.settles(2 * (PAGE + 2));
    assert.deepEqual({ children: bench.tree.children, items: bench.tree.items.length }, { children: 2, items: 2 * (PAGE + 2) });
  });
});
