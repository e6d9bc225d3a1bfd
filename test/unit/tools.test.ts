import { strict as assert } from "node:assert";
import fc from "fast-check";
import { CountersignError } from "../../src/core/domain/errors";
import type { Tool } from "../../src/core/tools/tool";
import { ALL_TOOLS, PROBE_TOOLS, READ_TOOLS, RESEARCH_TOOLS, WRITE_TOOLS } from "../../src/core/tools/toolSets";
import { ANY_CHARACTER } from "../builders/anyCharacter";
import { aToolBench as aBench, toolNamed } from "../builders/toolBench";
import { MemoryFileTree } from "../fakes/memoryFileTree";

describe("tool sets", () => {
  it("give readers nothing that writes, and probes a command beside", () => {
    const names = (tools: readonly Tool[]): readonly string[] => tools.map((tool) => tool.name);
    assert.deepEqual(names(READ_TOOLS), ["read_file", "list_files", "search"]);
    assert.deepEqual(names(WRITE_TOOLS), ["edit_file", "write_file"]);
    const graph = ["graph_search_nodes", "graph_query_nodes", "graph_get_node", "graph_get_neighbors", "graph_get_subgraph"];
    assert.deepEqual(names(RESEARCH_TOOLS), ["read_file", "list_files", "search", ...graph]);
    assert.deepEqual(names(PROBE_TOOLS), ["read_file", "list_files", "search", "run_command", ...graph]);
    assert.deepEqual(names(ALL_TOOLS), ["read_file", "list_files", "search", "edit_file", "write_file", "run_command", ...graph]);
    assert.deepEqual(names(ALL_TOOLS.filter((tool) => tool.readOnly)), names(RESEARCH_TOOLS));
  });

  it("cost less than 900 tokens a call, at four characters each", () => {
    const specs = ALL_TOOLS.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
    assert.ok(JSON.stringify(specs).length / 4 <= 900, `${JSON.stringify(specs).length / 4}`);
  });
});

describe("every tool", () => {
  const anything = fc.oneof(
    fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withObjectString: true,
      withSparseArray: true,
    }),
    fc.record(
      {
        path: fc.anything(),
        from: fc.anything(),
        count: fc.anything(),
        edits: fc.anything(),
        content: fc.anything(),
        command: fc.anything(),
        pattern: fc.anything(),
      },
      { requiredKeys: [] },
    ),
    fc.record(
      {
        path: fc.string({ unit: ANY_CHARACTER }),
        from: fc.integer(),
        count: fc.integer(),
        content: fc.string(),
        pattern: fc.string(),
        command: fc.string(),
        glob: fc.string(),
        timeout: fc.double(),
        edits: fc.array(fc.record({ find: fc.string(), replace: fc.string() })),
      },
      { requiredKeys: [] },
    ),
  );

  for (const tool of ALL_TOOLS) {
    it(`${tool.name} describes any input in one short line, and never rejects (property)`, async () => {
      await fc.assert(
        fc.asyncProperty(anything, async (input) => {
          const description = tool.describe(input);
          assert.ok(Array.from(description).length <= 100 && !/\p{Cc}/u.test(description));
          const outcome = await aBench({ "a.txt": "x" }).call(tool.name, input);
          assert.equal(typeof outcome.text, "string");
          assert.ok(outcome.text !== "" && outcome.summary !== "" && !outcome.summary.includes("\n"));
        }),
        { numRuns: 300 },
      );
    });

    it(`${tool.name} stands input that cannot be looked at`, async () => {
      const hostile = new Proxy(
        {},
        {
          get: () => assert.fail("no"),
          has: () => assert.fail("no"),
          ownKeys: () => assert.fail("no"),
          getOwnPropertyDescriptor: () => assert.fail("no"),
        },
      );
      assert.equal(tool.describe(hostile), tool.name);
      assert.equal((await aBench().call(tool.name, hostile)).ok, false);
    });
  }

  it("says what is wrong with its input", async () => {
    const { call } = aBench();
    assert.match((await call("read_file", { path: 5 })).text, /^Wrong input for read_file\. path: .*expected string/);
    assert.match((await call("read_file", { path: "a", from: 0 })).text, /from: /);
    assert.match((await call("edit_file", { path: "a", edits: [] })).text, /edits: /);
    assert.match((await call("edit_file", { path: "a", edits: [{ find: "x" }] })).text, /edits\.0\.replace: /);
    assert.match((await call("run_command", "ls")).text, /expected object/);
    assert.match((await call("search", {})).text, /pattern: /);
  });

  it("answers a refused path with the reason", async () => {
    const { call } = aBench({ "a.txt": "x" });
    for (const [name, input] of [
      ["read_file", { path: "../x" }],
      ["list_files", { path: "/etc" }],
      ["search", { pattern: "x", path: ".git" }],
      ["write_file", { path: "/etc/passwd", content: "x" }],
      ["edit_file", { path: "a\0", edits: [{ find: "x", replace: "y" }] }],
    ] as const) {
      const outcome = await call(name, input);
      assert.deepEqual([outcome.ok, outcome.summary], [false, "notAllowed"]);
      assert.match(outcome.text, /is not allowed: /);
    }
  });
});

describe("edit_file", () => {
  it("applies all edits of a call", async () => {
    const { call, files } = aBench({ "a.ts": "\ufeffone\r\ntwo\r\n" });
    const outcome = await call("edit_file", {
      path: "a.ts",
      edits: [
        { find: "one\ntwo", replace: "1\n2" },
        { find: "2", replace: "II" },
      ],
    });
    assert.deepEqual(outcome, { ok: true, text: "Edited a.ts at lines 1, 2.", summary: "2 edits" });
    assert.deepEqual(files.texts, { "a.ts": "\ufeff1\r\nII\r\n" });
  });

  it("shows the nearest place when there is no match, and changes nothing", async () => {
    const { call, files } = aBench({ "a.ts": "function a() {\n  return 1;\n}\n" });
    const outcome = await call("edit_file", {
      path: "a.ts",
      edits: [
        { find: "}", replace: ";" },
        { find: "function a() {\n\treturn 1;", replace: "x" },
      ],
    });
    assert.deepEqual([outcome.ok, outcome.summary], [false, "no match"]);
    assert.match(
      outcome.text,
      /^No edit was applied\. The find of edit 2 is not in a\.ts\. Lines 1–2 are nearest \(line 2 differs in tabs and spaces: /,
    );
    assert.ok(outcome.text.endsWith("function a() {\n  return 1;"));
    assert.deepEqual(files.texts, { "a.ts": "function a() {\n  return 1;\n}\n" });
  });

  it("shows every place when there are many", async () => {
    const { call } = aBench({ "a.ts": "a\nx = 1\nb\nx = 1\nc\n", "many.ts": "x\n".repeat(50) });
    const outcome = await call("edit_file", { path: "a.ts", edits: [{ find: "x = 1", replace: "x = 2" }] });
    assert.equal(outcome.summary, "2 matches");
    assert.equal(
      outcome.text,
      "Nothing was changed. The find is in a.ts 2 times; add lines around it to make it unique:\n1: a\n2: x = 1\n3: b\n--\n3: b\n4: x = 1\n5: c",
    );
    assert.match(
      (await call("edit_file", { path: "many.ts", edits: [{ find: "x", replace: "y" }] })).text,
      /50 times; [^]*and at lines 11, 12, .*, 50$/,
    );
  });

  it("edits only what is text and can be written back unharmed", async () => {
    const { call, files } = aBench({
      "a.bin": Buffer.from([0, 1]),
      "latin.txt": Buffer.from("caf\xe9", "latin1"),
      "dir/x": "",
    });
    for (const [path, reason] of [
      ["a.bin", /binary/],
      ["latin.txt", /not UTF-8/],
      ["dir", /folder/],
      ["none", /does not exist/],
    ] as const) {
      const outcome = await call("edit_file", { path, edits: [{ find: "caf", replace: "x" }] });
      assert.equal(outcome.ok, false);
      assert.match(outcome.text, reason);
    }
    assert.equal((await files.read("latin.txt")).kind === "text", true);
    assert.equal(
      (await call("edit_file", { path: "dir/x", edits: [{ find: "", replace: "x" }] })).summary,
      "empty find",
    );
    assert.equal(
      (await call("edit_file", { path: "dir/x", edits: [{ find: "a", replace: "a" }] })).summary,
      "no change",
    );
  });
});

describe("write_file", () => {
  it("writes exactly what it is given", async () => {
    const { call, files } = aBench({ "a.ts": "old\r\n" });
    assert.deepEqual(await call("write_file", { path: "a.ts", content: "new\n" }), {
      ok: true,
      text: "Wrote a.ts (1 line).",
      summary: "1 line",
    });
    assert.deepEqual(await call("write_file", { path: "b/c.ts", content: "" }), {
      ok: true,
      text: "Wrote b/c.ts (0 lines).",
      summary: "0 lines",
    });
    assert.deepEqual(files.texts, { "a.ts": "new\n", "b/c.ts": "" });
  });
});

describe("run_command", () => {
  it("answers with the exit and the output", async () => {
    const { call, commands, shown } = aBench({}, { "npm test": { exitCode: 1, output: "1 failing\n" }, quiet: {} });
    assert.deepEqual(await call("run_command", { command: "npm test" }), {
      ok: false,
      text: "exit 1\n1 failing",
      summary: "exit 1",
    });
    assert.deepEqual(await call("run_command", { command: "quiet", timeout: 5 }), {
      ok: true,
      text: "exit 0, no output",
      summary: "exit 0",
    });
    assert.deepEqual(shown, ["1 failing\n"]);
    const { command: _, onOutput: __, ...spec } = commands.asked[1]!;
    assert.deepEqual(spec, {
      cwd: "/memory/tree",
      timeoutMs: 5000,
      outputFile: "/plans/t/sessions/command.log",
      excerptBytes: 16_384,
      purpose: "agent",
    });
  });

  it("names the full output's place when it shows only a part", async () => {
    const { call } = aBench({}, { long: { output: "x".repeat(16_385) }, fits: { output: "x".repeat(16_384) } });
    const { text } = await call("run_command", { command: "long" });
    assert.match(
      text,
      /^exit 0\nx+\n… \d+ bytes left out …\nx+\n\[cut; full output: \/plans\/t\/sessions\/command\.log\]$/,
    );
    assert.ok(Buffer.byteLength(text) < 17_000);
    assert.equal((await call("run_command", { command: "fits" })).text, `exit 0\n${"x".repeat(16_384)}`);
  });

  it("says how a command ended that did not end by itself", async () => {
    const { call, commands } = aBench({}, { slow: { never: "timeout", output: "so far\n" } });
    assert.deepEqual(await call("run_command", { command: "slow", timeout: 3 }), {
      ok: false,
      text: "ended after 3 s, its time limit\nso far",
      summary: "ended after 3 s, its time limit",
    });
    assert.equal(
      (await call("run_command", { command: "none" })).text,
      "could not be started\nnone: command not found",
    );
    await call("run_command", { command: "slow", timeout: 99_999 });
    assert.equal(commands.asked.at(-1)?.timeoutMs, 900_000);
    assert.equal((await call("run_command", { command: "  " })).ok, false);
  });

  it("turns a runner's failure into an outcome", async () => {
    const tool = toolNamed("run_command");
    const context = {
      ...({
        files: new MemoryFileTree(),
        signal: new AbortController().signal,
        outputFile: () => "/x",
        onOutput: () => {},
      } as const),
      commands: { run: () => Promise.reject(new CountersignError("process", "The folder is gone.")) },
    };
    assert.deepEqual(await tool.run({ command: "x" }, context), {
      ok: false,
      text: "The folder is gone.",
      summary: "process",
    });
  });
});
