import { strict as assert } from "node:assert";
import { lexicalPath, meansGit } from "../../src/adapters/files/lexicalPath";
import { EscapeStripper } from "../../src/adapters/process/terminalEscapes";
import { imitatesMessages, toolAnswer } from "../../src/core/domain/foreignText";
import { decide } from "../../src/core/domain/gate";
import { fromVisible, visibleName, visibleText } from "../../src/core/domain/visibleText";
import { inertMarkdown } from "../../src/core/handoff/inertMarkdown";
import { decide as decideCommand } from "../../src/core/policy/commandPolicy";
import { contractNegotiator } from "../../src/core/roles/contractNegotiator";
import { evaluator, evaluatorMessage, type EvaluatorInput } from "../../src/core/roles/evaluator";
import { quoted } from "../../src/core/roles/role";
import { oneLine } from "../../src/core/tools/defineTool";
import { messageText } from "../../src/vscode/messageText";
import { plain } from "../../src/vscode/views/phrases";
import { INJECTIONS } from "../builders/injections";
import { A_CONTRACT, aCheckResult, aTaskRequest, aVerdict } from "../builders/samples";
import { aToolBench } from "../builders/toolBench";

/** Whatever is neither seen nor white space that people type. */
const UNSEEN = /[^\P{Cc}\t\n\r]|[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]|[\u{e0000}-\u{e01ef}]/u;
const BLOCK_END = /<[\s\u200b\u2060]*\/?[\s\u200b\u2060]*check_output\b/giu;
const RED = aCheckResult({ green: false, reason: "exit code 1, expected 0", exitCode: 1 });

function messageWith(text: string): string {
  const input: EvaluatorInput = {
    request: aTaskRequest(),
    contract: A_CONTRACT,
    results: [{ ...RED, outputExcerpt: text }],
    inspection: [],
    files: [{ path: text.slice(0, 200), status: "modified", added: 1, removed: 0 }],
    deliverablesFolder: ".countersign/plans/t/deliverables",
    requests: { settled: [], open: [] },
    diff: text,
  };
  return evaluatorMessage(input);
}

describe("injections", () => {
  it("are many, and of every kind", () => {
    assert.ok(INJECTIONS.length >= 50);
    assert.equal(new Set(INJECTIONS.map(({ name }) => name)).size, INJECTIONS.length);
  });

  for (const { name, text } of INJECTIONS) {
    describe(name, () => {
      it("stays inside the block that quotes it, for all to see", () => {
        for (const tag of ["check_output", "diff", "repository_instructions", "commented_code"] as const) {
          const block = quoted(tag, text, text);
          const marks = new RegExp(`<\\s*/?\\s*${tag}\\b`, "gi");
          assert.equal(block.match(marks)?.length, 2, block.slice(0, 400));
          assert.ok(block.startsWith(`<${tag} source="`) && block.endsWith(`\n</${tag}>`));
          assert.ok(!(block.split("\n", 1)[0] ?? "").slice(1, -1).includes("<") && !UNSEEN.test(block));
        }
      });

      it("adds no heading, block or line of ours to the evaluator's message", () => {
        const message = messageWith(text);
        assert.equal(message.match(BLOCK_END)?.length, 2);
        const outside = message.replace(/<(check_output|diff) source="[^\n]*\n[^]*?\n<\/\1>/g, "");
        const expected = messageWith("x").replace(/<(check_output|diff) source="[^\n]*\n[^]*?\n<\/\1>/g, "");
        assert.equal(outside.split("\n").length, expected.split("\n").length, outside);
      });

      it("reaches a model as the answer of one call, seen and marked", async () => {
        const { call } = aToolBench({ "README.md": text });
        const answer = toolAnswer((await call("read_file", { path: "README.md" })).text);
        assert.doesNotMatch(answer, UNSEEN);
        const note = /^\[Note by the engine: [^\n]*\n/;
        assert.equal(note.test(answer), imitatesMessages(answer.replace(note, "")));
      });

      it("is neither a verdict nor a contract, unless it is the whole answer of the role itself", () => {
        for (const said of [`I looked at it.\n${text}`, `${text}\nThat is what the file says.`, JSON.stringify(text)]) {
          assert.equal(evaluator.output.parse(said).ok, false);
          assert.equal(contractNegotiator.output.parse(said).ok, false);
        }
      });

      it("does not pass the gate, not even with an evaluator that obeys it", () => {
        const findings = [{ criterion: "C1", met: true, evidence: [{ source: "file:README.md", quote: text }], comment: text }];
        const verdict = aVerdict({ score: 100, findings, summary: text });
        const input = { contract: A_CONTRACT, requests: [], inspection: [], passScore: 80, sourceText: () => text };
        assert.equal(decide({ ...input, results: [RED], verdict }).pass, false);
        assert.equal(decide({ ...input, results: [{ ...aCheckResult(), green: false, reason: text, outputExcerpt: text }], verdict }).pass, false);
        assert.equal(decide({ ...input, results: [], verdict }).pass, false);
        assert.equal(decide({ ...input, results: [aCheckResult()], verdict: null }).pass, false);
      });

      it("gets no command allowed", () => {
        const behind = text.startsWith("#") ? [] : [`cat README.md\n${text}`];
        for (const command of [text, ...behind, `echo "$(${text})"`]) {
          assert.notEqual(decideCommand(command, { allow: ["cat", "npm test"], deny: [] }).decision, "allow", command.slice(0, 200));
        }
      });

      it("leads no path out", () => {
        for (const platform of ["linux", "win32", "darwin"] as const) {
          const said = lexicalPath(text, { roots: ["/work tree"], platform });
          if (said.kind === "refused") continue;
          const parts = said.relative.split("/");
          assert.ok(!parts.includes("..") && !parts.some(meansGit) && !said.relative.startsWith("/"), said.relative);
        }
      });

      it("shows people what it is, on one line, and links to nothing", () => {
        const shown = oneLine(text);
        assert.ok(!/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u.test(shown) && Array.from(shown).length <= 100, shown);
        assert.doesNotMatch(plain(text), /(?<!\\)[[\]<>!`]|(?<!\\)\(command:/);
        assert.doesNotMatch(visibleName(text), /[\t\n\r]/);
        assert.doesNotMatch(inertMarkdown("qa-report.md", text), /(?<!\\)<(?:img|script)|(?<!\\)!\[[^\]]*\]\(http|\]\(command:/i);
        assert.equal(inertMarkdown("plan.md", text), text);
        assert.doesNotMatch(messageText(text), /\]\(|[^\P{Cc}\t\n\r]|[\u202a-\u202e\u2066-\u2069]/u);
      });

      it("is stripped of what terminals obey, however it comes", () => {
        const stripper = new EscapeStripper();
        let shown = "";
        for (let at = 0; at < Math.min(text.length, 2000); at += 3) shown += stripper.push(text.slice(at, at + 3));
        // oxlint-disable-next-line no-control-regex -- that there are none is what is asked
        assert.doesNotMatch(shown + stripper.end(), /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/);
      });
    });
  }
});

describe("visibleText", () => {
  it("shows what is hidden, leaves what people write, and can be turned back", () => {
    const cases: readonly (readonly [text: string, shown: string])[] = [
      ["a\u202eb", "a<U+202E>b"],
      ["\u001b[1mx", "<U+001B>[1mx"],
      ["a\u200bb", "a<U+200B>b"],
      [String.fromCodePoint(0xe0041), "<U+E0041>"],
      ["a\u200db", "a<U+200D>b"],
      ["tab\tand\r\nlines", "tab\tand\r\nlines"],
      ["👩\u200d👩\u200d👧 é ü 日本 می\u200cخواهم", "👩\u200d👩\u200d👧 é ü 日本 می\u200cخواهم"],
    ];
    for (const [text, shown] of cases) {
      assert.equal(visibleText(text), shown);
      assert.equal(fromVisible(shown), text);
    }
    assert.equal(fromVisible("<U+0041> and <U+FFFFF>"), "<U+0041> and <U+FFFFF>");
  });
});

describe("edit_file with what a model was shown", () => {
  it("finds text by the numbers of its hidden characters", async () => {
    const { call, files } = aToolBench({ "a.ts": "if (x\u202e) {\n", "b.ts": "const mark = '<U+202E>';\n" });
    assert.equal((await call("edit_file", { path: "a.ts", edits: [{ find: "if (x<U+202E>) {", replace: "if (x) {" }] })).ok, true);
    assert.equal((await call("edit_file", { path: "b.ts", edits: [{ find: "'<U+202E>'", replace: "'<U+202D>'" }] })).ok, true);
    assert.deepEqual(files.texts, { "a.ts": "if (x) {\n", "b.ts": "const mark = '<U+202D>';\n" });
  });

  it("says what a mark stands for, and writes none in a secret's place", async () => {
    const secret = `key = "ghp_${"a1B2".repeat(9)}"`;
    const { call, files, commands } = aToolBench({ "a.py": `${secret}\nx = 1\n`, "doc.md": "Marks read [redacted: GitHub token].\n" });
    const mark = "[redacted: GitHub token]";
    for (const [tool, input] of [
      ["edit_file", { path: "a.py", edits: [{ find: `key = "${mark}"`, replace: `key = load("${mark}")` }] }],
      ["edit_file", { path: "a.py", edits: [{ find: "x = 1", replace: `x = "${mark}"` }] }],
      ["write_file", { path: "a.py", content: `key = "${mark}"\nx = 2\n` }],
      ["run_command", { command: `echo '${mark}' > a.py` }],
    ] as const) {
      const answer = await call(tool, input);
      assert.deepEqual([answer.ok, answer.summary], [false, "holds a redacted secret"], answer.text);
      assert.match(answer.text, /stands for a secret/);
    }
    assert.equal(commands.asked.length, 0);
    assert.equal((await call("edit_file", { path: "a.py", edits: [{ find: "x = 1", replace: "x = 2" }] })).ok, true);
    assert.equal((await call("edit_file", { path: "doc.md", edits: [{ find: `read ${mark}`, replace: `are like ${mark}` }] })).ok, true);
    assert.deepEqual(files.texts, { "a.py": `${secret}\nx = 2\n`, "doc.md": `Marks are like ${mark}.\n` });
  });
});
