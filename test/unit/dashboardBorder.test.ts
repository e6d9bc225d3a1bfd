// The border between the extension and its page: what is read on either side, what is not, and what the page's document
// allows.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { z } from "zod/mini";
import { DOCUMENTS } from "../../src/shared/dashboardState";
import { GLOBAL_ACTIONS, PAGE_ACTIONS, bootFrom, messageToHost, messageToPage, type ToHost, type ToPage } from "../../src/shared/protocol";
import { NOTHING_SAVED, savedFrom } from "../../src/shared/savedState";
import { either, flag, list, nullable, number, oneOf, shape, table, text, word } from "../../src/shared/shape";
import { DashboardFeed } from "../../src/core/dashboard/dashboardFeed";
import { pageHtml } from "../../src/vscode/dashboard/pageHtml";
import { DOCUMENT_COMMANDS, GLOBAL_COMMANDS, TASK_COMMANDS } from "../../src/vscode/dashboard/pageCommands";
import { RECORDED_TASK, recordedRun } from "../builders/recordedRun";
import { FakeDesk, FakeSource } from "../fakes/fakeDesk";
import { ManualClock } from "../fakes/manualClock";

const REF = { root: "/home/ada/tally", task: "a-0001" };
const ENTRY = { seq: 1, time: "2026-01-05T09:00:00.000Z", group: "tools", level: "info", what: "read_file", note: "", ms: 3 } as const;

function aBoot(description?: string) {
  const desk = new FakeDesk(REF.root);
  for (const event of recordedRun()) {
    if (description === undefined || event.kind !== "taskCreated") desk.replay(event);
    else desk.replay({ ...event, request: { ...event.request, description } });
  }
  const feed = new DashboardFeed({ source: new FakeSource(desk), clock: new ManualClock(), post: () => undefined, onTrouble: () => undefined });
  const snapshot = feed.boot({ kind: "task", root: REF.root, task: RECORDED_TASK, tab: "progress" });
  feed.dispose();
  return { id: "one", snapshot };
}

describe("shapes", () => {
  it("tell what is theirs from what is not", () => {
    const row = shape({ kind: word("row"), name: text, size: nullable(number), tags: list(oneOf(["a", "b"])), more: table(flag) });
    const value = { kind: "row", name: "x", size: null, tags: ["a"], more: { z: true } };
    assert.equal(row(value), true);
    const wrong = [null, [], "row", { ...value, kind: "other" }, { ...value, name: 1 }, { ...value, size: "1" }, { ...value, size: NaN }, { ...value, tags: ["c"] }, { ...value, tags: {} }, { ...value, more: { z: 1 } }, { ...value, more: [] }];
    for (const one of wrong) assert.equal(row(one), false, JSON.stringify(one));
    assert.equal(either(row, text)("row"), true);
    assert.equal(either(row, text)(3), false);
  });

  it("never throw, whatever they are shown (property)", () => {
    fc.assert(fc.property(fc.anything(), (value) => messageToHost(value) === null && messageToPage(value) === null && bootFrom(value) === null && savedFrom(value) === null));
  });
});

const TO_HOST: { readonly [K in ToHost["kind"]]: Extract<ToHost, { readonly kind: K }> } = {
  ready: { kind: "ready", page: { kind: "overview" }, has: 3 },
  resync: { kind: "resync" },
  navigate: { kind: "navigate", page: { kind: "task", ...REF, tab: "activity" } },
  act: { kind: "act", request: 1, ref: REF, action: "cancel", session: null },
  actGlobally: { kind: "actGlobally", request: 2, action: "newTask" },
  openDocument: { kind: "openDocument", ref: REF, document: "plan" },
  openChange: { kind: "openChange", ref: REF, attempt: 1, path: "src/a.ts" },
  openOutput: { kind: "openOutput", ref: REF, attempt: 1, check: "K1" },
  output: { kind: "output", request: 3, ref: REF, attempt: 1, check: "K1" },
  activity: { kind: "activity", request: 4, ref: REF, before: null, after: 7, filter: { groups: ["tools"], problems: false, text: "" } },
  painted: { kind: "painted", ms: 81.4 },
  failed: { kind: "failed", message: "It broke." },
};

const TO_PAGE: { readonly [K in ToPage["kind"]]: Extract<ToPage, { readonly kind: K }> } = {
  snapshot: aBoot().snapshot,
  delta: { kind: "delta", seq: 2, more: false, ops: [{ op: "set", path: ["rows", "a", 1], value: { deep: [1, null] } }] },
  logged: { kind: "logged", seq: 3, ref: REF, entries: [ENTRY] },
  activity: { kind: "activity", request: 4, entries: [ENTRY], from: 0, upTo: 1 },
  output: { kind: "output", request: 3, text: null },
  acted: { kind: "acted", request: 1 },
  show: { kind: "show", page: { kind: "overview" } },
};

describe("messages", () => {
  const readers = [
    ["messageToHost", Object.values(TO_HOST), messageToHost],
    ["messageToPage", Object.values(TO_PAGE), messageToPage],
  ] as const;
  for (const [name, messages, read] of readers) {
    for (const message of messages) {
      it(`${name} reads ${message.kind}, and nothing that lacks a part of it`, () => {
        assert.deepEqual(read(JSON.parse(JSON.stringify(message))), message);
        for (const key of Object.keys(message)) {
          const { [key as "kind"]: _part, ...rest } = message;
          assert.equal(read(rest), null, `without ${key}`);
          assert.equal(read({ ...message, [key]: { not: "it" } }), null, `with another ${key}`);
        }
      });
    }
  }

  it("name no command: an action that is not on the list is none", () => {
    assert.equal(messageToHost({ ...TO_HOST.act, action: "workbench.action.terminal.new" }), null);
    assert.equal(messageToHost({ ...TO_HOST.actGlobally, action: "constructor" }), null);
  });

  it("lead to commands that the extension has", () => {
    const { contributes } = z.object({ contributes: z.object({ commands: z.array(z.object({ command: z.string() })) }) }).parse(JSON.parse(readFileSync("package.json", "utf8")));
    const known = new Set(contributes.commands.map(({ command }) => command));
    const ours = [...Object.values(TASK_COMMANDS), ...Object.values(DOCUMENT_COMMANDS), ...Object.values(GLOBAL_COMMANDS)].filter((command) => command.startsWith("countersign."));
    assert.deepEqual(ours.filter((command) => !known.has(command)), []);
    assert.deepEqual(Object.keys(TASK_COMMANDS).toSorted(), [...PAGE_ACTIONS].toSorted());
    assert.deepEqual(Object.keys(DOCUMENT_COMMANDS).toSorted(), [...DOCUMENTS].toSorted());
    assert.deepEqual([...Object.keys(GLOBAL_COMMANDS), "retryFolders"].toSorted(), [...GLOBAL_ACTIONS].toSorted());
  });
});

describe("savedFrom", () => {
  it("reads what a page keeps, and nothing else", () => {
    assert.deepEqual(savedFrom(structuredClone(NOTHING_SAVED)), NOTHING_SAVED);
    for (const other of [undefined, {}, { ...NOTHING_SAVED, page: { kind: "gone" } }, { ...NOTHING_SAVED, scroll: { a: "1" } }]) assert.equal(savedFrom(other), null);
  });
});

describe("pageHtml", () => {
  const files = { script: "draw();", style: "p { margin: 0 }", source: "https://files.test" };

  it("allows scripts and styles by their nonce, our icons, and nothing else", () => {
    const html = pageHtml({ files, nonce: "n0nce", place: "panel", boot: aBoot() });
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? "";
    const directives = new Map(policy.split("; ").map((directive) => [directive.split(" ", 1)[0], directive.split(" ").slice(1).join(" ")]));
    assert.deepEqual(Object.fromEntries(directives), {
      "default-src": "'none'",
      "script-src": "'nonce-n0nce'",
      "style-src": "'nonce-n0nce'",
      "font-src": "https://files.test",
      "base-uri": "'none'",
      "form-action": "'none'",
    });
    assert.deepEqual([...html.matchAll(/<(?:script|style)[^>]*>/g)].filter(([tag]) => !tag.includes('nonce="n0nce"')), []);
    assert.doesNotMatch(html, /\son\w+=|style=|javascript:/);
  });

  it("fetches nothing by itself: the editor shows a document only once all of it is there", () => {
    const html = pageHtml({ files, nonce: "n0nce", place: "panel", boot: aBoot() });
    assert.doesNotMatch(html, /<link|\ssrc=|@import|url\(/);
  });

  it("gives the page its first state, which no text can break out of", () => {
    const boot = aBoot('</script><script>alert(1)</script><!-- " \u2028');
    const html = pageHtml({ files, nonce: "n0nce", place: "view", boot });
    assert.equal(html.match(/<script/g)?.length, 2);
    const json = /<script type="application\/json"[^>]*>([^]*?)<\/script>/.exec(html)?.[1] ?? "";
    assert.deepEqual(bootFrom(JSON.parse(json)), boot);
  });
});
