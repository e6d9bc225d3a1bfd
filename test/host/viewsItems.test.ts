// What the editor is given of a tree: items, tooltips, refreshes that tick, and what is kept of the user's order.
import assert from "node:assert/strict";
import { commands, MarkdownString, ThemeIcon, TreeItemCheckboxState, TreeItemCollapsibleState, Uri, window, type TreeItem } from "vscode";
import { NodeTree, REFRESH_GAP_MS } from "../../src/vscode/views/nodeTree";
import { OrderState } from "../../src/vscode/views/orderState";
import { row, type Row } from "../../src/vscode/views/row";
import { NO_FILTER } from "../../src/vscode/views/taskGroups";
import { treeItem } from "../../src/vscode/views/treeItems";
import type { TreeModel } from "../../src/vscode/views/treeModel";
import { until } from "../editor/until";
import { ManualClock } from "../fakes/manualClock";
import { MemoryMemento } from "../fakes/memoryMemento";

const VIEW = "countersignTest.tree";

describe("treeItem", () => {
  it("has the id, label, icon, menu value and command of its row, and no tooltip yet", () => {
    const args = [{ target: { root: "/a", task: "t" } }];
    const item = treeItem("id-1", row("Add a command", { description: "running", icon: { name: "loading~spin", tone: "active" }, context: "task can=run", expands: "closed", click: { kind: "command", command: "countersign.openTask", title: "Open", args } }));
    const icon = item.iconPath;
    assert.ok(icon instanceof ThemeIcon);
    assert.deepEqual([item.id, item.label, item.description, icon.id, icon.color?.id], ["id-1", { label: "Add a command", highlights: [] }, "running", "loading~spin", "charts.blue"]);
    assert.deepEqual([item.contextValue, item.collapsibleState, item.command, item.tooltip], ["task can=run", TreeItemCollapsibleState.Collapsed, { command: "countersign.openTask", title: "Open", arguments: args }, undefined]);
    assert.deepEqual(item.accessibilityInformation, { label: "Add a command, running" });
  });

  it("names changed files by a scheme of their own, with the file's icon and a check box", () => {
    const item = treeItem("id-2", row("a b.ts", { resource: { kind: "change", root: "/home/ada/tally", path: "src/a b.ts", letter: "M" }, checked: true }));
    assert.equal(item.resourceUri?.toString(), Uri.from({ scheme: "countersign-change", path: "/home/ada/tally/src/a b.ts", query: "M" }).toString());
    assert.deepEqual([item.iconPath, item.checkboxState], [ThemeIcon.File, { state: TreeItemCheckboxState.Checked, tooltip: "Reviewed" }]);
  });

  it("opens files", () => {
    const { command } = treeItem("id-3", row("plan.md", { click: { kind: "open", path: "/home/ada/plan.md" } }));
    assert.deepEqual([command?.command, (command!.arguments![0] as Uri).fsPath], ["vscode.open", "/home/ada/plan.md"]);
  });
});

interface Leaf {
  readonly id: string;
}

/** Two leaves; the first one's description is the time. */
class Leaves implements TreeModel<Leaf> {
  readonly nodes: readonly Leaf[] = [{ id: "clock" }, { id: "rock" }];

  constructor(private readonly clock: ManualClock) {}

  children(node: Leaf | null): Promise<readonly Leaf[]> {
    return Promise.resolve(node === null ? this.nodes : []);
  }

  row(node: Leaf): Row {
    return row(node.id, { description: node.id === "clock" ? String(this.clock.now()) : "still" });
  }

  tooltip(node: Leaf): string | null {
    return node.id === "clock" ? "**time**" : null;
  }

  tickMs(): number {
    return 1000;
  }
}

describe("NodeTree", () => {
  it("shows nodes anew whose line has changed with time, while the view is seen", async () => {
    const clock = new ManualClock();
    const model = new Leaves(clock);
    const asked: string[] = [];
    const tree = new (class extends NodeTree<Leaf> {
      override getTreeItem(node: Leaf): TreeItem {
        asked.push(node.id);
        return super.getTreeItem(node);
      }
    })(model, clock);
    const view = window.createTreeView(VIEW, { treeDataProvider: tree });
    const attached = tree.attach(view);
    await commands.executeCommand(`${VIEW}.focus`);
    await until("both leaves are asked for", () => asked.length >= 2 && view.visible);
    await until("the view ticks", () => clock.waiting > 0);
    asked.splice(0);
    await clock.advance(1000);
    await until("the clock is asked for", () => asked.length > 0);
    assert.deepEqual(asked, ["clock"]);
    await commands.executeCommand("workbench.view.explorer");
    await until("the view is hidden", () => !view.visible);
    await clock.advance(60_000);
    assert.deepEqual([asked, clock.waiting], [["clock"], 0]);
    for (const one of [...attached, view, tree]) one.dispose();
  });

  it("makes tooltips when they are asked for, and trusts nothing in them", () => {
    const tree = new NodeTree(new Leaves(new ManualClock()), new ManualClock());
    const resolved = (id: string): TreeItem["tooltip"] => tree.resolveTreeItem(tree.getTreeItem({ id }), { id }).tooltip;
    const shown = resolved("clock");
    assert.ok(shown instanceof MarkdownString);
    assert.deepEqual([shown.value, shown.isTrusted ?? false, shown.supportHtml ?? false, shown.supportThemeIcons ?? false], ["**time**", false, false, false]);
    assert.equal(resolved("rock"), undefined);
    tree.dispose();
  });

  it("hands refreshes on at most four times a second, and only of nodes that are known", async () => {
    const clock = new ManualClock();
    const model = new Leaves(clock);
    const tree = new NodeTree(model, clock);
    const fired: (readonly string[] | "all")[] = [];
    tree.onDidChangeTreeData((nodes) => fired.push(nodes === undefined ? "all" : nodes.map(({ id }) => id)));
    const [first, second] = await tree.getChildren();
    tree.getTreeItem(first!);
    tree.refresh([first!, second!]);
    for (let step = 0; step < 100; step += 1) tree.refresh([first!]);
    tree.refresh("all");
    // As the editor does once it has come to it.
    tree.getTreeItem(first!);
    await clock.advance(REFRESH_GAP_MS);
    assert.deepEqual(fired, [["clock"], "all"]);
    tree.dispose();
  });

  it("does not pile refreshes up while the editor is behind, but not for ever", async () => {
    const clock = new ManualClock();
    const tree = new NodeTree(new Leaves(clock), clock);
    let fired = 0;
    tree.onDidChangeTreeData(() => (fired += 1));
    const [first] = await tree.getChildren();
    tree.getTreeItem(first!);
    for (let step = 0; step < 10; step += 1) {
      tree.refresh([first!]);
      await clock.advance(REFRESH_GAP_MS);
    }
    assert.equal(fired, 1);
    tree.getTreeItem(first!);
    await clock.advance(REFRESH_GAP_MS);
    assert.equal(fired, 2);
    tree.refresh([first!]);
    await clock.advance(60 * REFRESH_GAP_MS);
    assert.equal(fired, 3);
    tree.dispose();
  });
});

describe("OrderState", () => {
  it("keeps grouping and filter for the next window", async () => {
    const memento = Object.assign(new MemoryMemento(), { keys: () => [] });
    const state = new OrderState(memento);
    let changes = 0;
    state.onDidChange(() => (changes += 1));
    await state.setGrouping("age");
    await state.setFilter({ categories: ["PREP"], states: ["waiting"], text: "fib" });
    assert.deepEqual([new OrderState(memento).order, changes], [{ grouping: "age", filter: { categories: ["PREP"], states: ["waiting"], text: "fib" } }, 2]);
  });

  it("uses of what another version has kept as much as it knows", () => {
    const memento = Object.assign(new MemoryMemento(), { keys: () => [] });
    for (const kept of [null, "x", [1], { grouping: "moon", filter: { categories: ["NOBODY"], states: "waiting", text: 7 } }]) {
      memento.kept.set("countersign.taskOrder", JSON.stringify(kept));
      assert.deepEqual(new OrderState(memento).order, { grouping: "category", filter: NO_FILTER });
    }
  });
});
