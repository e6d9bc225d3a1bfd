import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { CONTRACT_HEADING, contractIn, contractSection, parseContract, printContract } from "../../src/core/domain/contractYaml";
import type { Contract } from "../../src/core/domain/contract";
import { withContract } from "../../src/core/handoff/planFile";
import { FULL_CONTRACT, aCommandCheck, aContract, contracts } from "../builders/contractBuilder";

const RUNS = { numRuns: 200 };

function parsed(result: ReturnType<typeof parseContract>): Contract {
  if (result.ok) return result.value;
  throw new assert.AssertionError({ message: `refused: ${result.problems.join("; ")}` });
}

function problems(yaml: string): string {
  const result = parseContract(yaml);
  if (result.ok) throw new assert.AssertionError({ message: `accepted: ${yaml}` });
  return result.problems.join("\n");
}

const BEFORE = `# Plan: x

## What is there now

\`\`\`yaml
criteria: wrong
\`\`\`

~~~~markdown
## Sprint Contract

\`\`\`yaml
criteria: []
\`\`\`
~~~~

\`\`\`\`
\`\`\`
## Sprint Contract
\`\`\`\`

    ## Sprint Contract

See ## Sprint Contract below. \`\`\`not a fence\`\`\`

## Steps

- [ ] one
`;
const AFTER = "\n## Notes\n\n```yaml\ncriteria: also wrong\n```\n";

describe("printContract", () => {
  it("loses nothing: parsing gives the same contract back", () => {
    fc.assert(
      fc.property(contracts, (contract) => {
        assert.deepEqual(parsed(parseContract(printContract(contract))), contract);
      }),
      RUNS,
    );
  });

  it("keeps white space that nobody sees, which the YAML library loses in blocks", () => {
    for (const text of [" \n", "\n", "\n\n", "a\n\n", " \n a\n", `\u007f\n \n a\n${"x".repeat(100)}`, "a\r\nb", "\ta\n b\t"]) {
      const contract = aContract({ retryProtocol: text, commitments: [text] });
      assert.deepEqual(parsed(parseContract(printContract(contract))), contract, JSON.stringify(text));
      assert.deepEqual(parsed(contractIn(contractSection(contract))), contract, JSON.stringify(text));
    }
  });

  it("prints the same text for the same contract after a round trip", () => {
    fc.assert(
      fc.property(contracts, (contract) => {
        const text = printContract(contract);
        assert.equal(printContract(parsed(parseContract(text))), text);
      }),
      RUNS,
    );
  });
});

describe("printContract of a contract with sealed checks", () => {
  it("says nothing where there is nothing, so that contracts of earlier versions keep their hash", () => {
    const { checks } = aContract();
    const empty = aContract({ checks: checks.map((check) => ({ ...check, sealed: false, alsoCovers: [] })), sealedFiles: [], protected: [], mayChange: [] });
    assert.equal(printContract(empty), printContract(aContract()));
    assert.doesNotMatch(printContract(aContract()), /sealed|alsoCovers|protected|mayChange/);
  });

  it("holds everything, as a person reads it", () => {
    const sealed = aCommandCheck({ id: "K2", run: "node --test acceptance-7f3a/a.test.js", sealed: true, alsoCovers: ["C2"] });
    const file = { path: "acceptance-7f3a/a.test.js", text: 'import "../a.js";\n\nok();\n' };
    const text = printContract(aContract({ checks: [sealed], sealedFiles: [file], protected: ["data.csv"], mayChange: ["test/old.test.js"] }));
    assert.match(text, /sealed: true\n {4}alsoCovers:\n {6}- C2\n[^]*sealedFiles:\n {2}- path: acceptance-7f3a\/a\.test\.js\n {4}text: \|\n {6}import "\.\.\/a\.js";\n\n {6}ok\(\);\nprotected:\n {2}- data\.csv\nmayChange:\n {2}- test\/old\.test\.js/);
  });
});

describe("contractSection", () => {
  it("is found and read back in a larger file, whatever its texts hold", () => {
    fc.assert(
      fc.property(contracts, (contract) => {
        assert.deepEqual(parsed(contractIn(`${BEFORE}\n${contractSection(contract)}${AFTER}`)), contract);
      }),
      RUNS,
    );
  });

  it("survives an editor that writes CRLF", () => {
    fc.assert(
      fc.property(contracts, (contract) => {
        const file = `${BEFORE}\n${contractSection(contract)}${AFTER}`;
        const bare = file.replace(/\r?\n/g, "\r\n");
        assert.deepEqual(parsed(contractIn(bare)), contract);
      }),
      RUNS,
    );
  });

  it("is replaced whole when a plan gets another contract", () => {
    fc.assert(
      fc.property(contracts, contracts, (first, second) => {
        const file = withContract(withContract(BEFORE, first), second);
        assert.deepEqual(parsed(contractIn(file)), second);
        assert.ok(file.startsWith(BEFORE.trimEnd()));
      }),
      { numRuns: 150 },
    );
  });

  it("is readable: plain words stand unquoted, one key a line, a script as the lines it has", () => {
    const text = contractSection(aContract({ retryProtocol: "for i in 1 2\ndo\n  echo $i\n\ndone" }));
    assert.match(text, /^retryProtocol: \|-\n {2}for i in 1 2\n {2}do\n {4}echo \$i\n\n {2}done$/m);
    assert.ok(text.startsWith(`${CONTRACT_HEADING}\n\n\`\`\`yaml\ncriteria:\n  - id: C1\n`));
    assert.match(text, /^ {4}run: node bin\/tally\.js fibonacci 10$/m);
  });
});

describe("contractIn", () => {
  it("says what is missing", () => {
    const says = (markdown: string): string => {
      const result = contractIn(markdown);
      return result.ok ? "" : result.problems.join();
    };
    assert.match(says("# Plan"), /no "## Sprint Contract" heading/);
    assert.match(says(`${CONTRACT_HEADING}\n\ntext\n`), /no yaml block/);
    assert.match(says(`${CONTRACT_HEADING}\n\n## Next\n\n\`\`\`yaml\na: 1\n\`\`\`\n`), /no yaml block/);
    assert.match(says(`${CONTRACT_HEADING}\n\n\`\`\`yaml\ncriteria: []\n`), /not closed/);
  });

  it("reads a block that a person fenced with more or other marks", () => {
    const yaml = printContract(FULL_CONTRACT);
    for (const [open, close] of [["`````yml", "`````"], ["~~~yaml", "~~~"], ["``` yaml", "```"], ["```YAML", "````"]]) {
      assert.deepEqual(parsed(contractIn(`${CONTRACT_HEADING}\n${open}\n${yaml}${close}\n`)), FULL_CONTRACT, open);
    }
  });
});

describe("parseContract", () => {
  it("fills in what may be left out", () => {
    const yaml = "criteria:\n  - {id: C1, text: works, kind: change}\nchecks:\n  - {id: K1, criterion: C1, kind: command, run: npm test}\n";
    const contract = parsed(parseContract(yaml));
    assert.deepEqual(contract.checks, [
      { id: "K1", criterion: "C1", kind: "command", run: "npm test", exit: 0, outputMatches: [], outputLacks: [], timeout: 300 },
    ]);
    assert.deepEqual([contract.commitments, contract.retryProtocol], [[], ""]);
  });

  const good = printContract(aContract({ checks: [aCommandCheck({ exit: 2, timeout: 60, outputMatches: ["^55$"] })] }));
  const refused: readonly (readonly [string, string, RegExp])[] = [
    ["aliases", "criteria: &a []\nchecks: *a\n", /alias/i],
    ["duplicate keys", `${good}checks: []\n`, /unique/i],
    ["unknown fields", `${good}extra: 1\n`, /extra/],
    ["unknown fields of a check", good.replace("    exit: 2", "    exits: 2"), /checks\.0.*exits/],
    ["an unknown kind of check", good.replace("kind: command", "kind: magic"), /checks\.0\.kind/],
    ["an unknown kind of criterion", good.replace("kind: change", "kind: wish"), /criteria\.0\.kind/],
    ["a number where text belongs", good.replace(/run: .*/, "run: 12"), /checks\.0\.run.*string/],
    ["an exit code out of range", good.replace("exit: 2", "exit: 256"), /checks\.0\.exit/],
    ["a fractional exit code", good.replace("exit: 2", "exit: 1.5"), /checks\.0\.exit/],
    ["a time-out of nothing", good.replace("timeout: 60", "timeout: 0"), /checks\.0\.timeout/],
    ["an empty command", good.replace(/run: .*/, 'run: ""'), /checks\.0\.run.*must not be empty/],
    ["an id with a space", good.replace("id: K1", "id: K 1"), /checks\.0\.id.*ids are a letter/],
    ["a missing field", good.replace(/ {4}run: .*\n/, ""), /checks\.0\.run/],
    ["a list", "- a\n", /object/i],
    ["nothing", "", /object/i],
    ["a tag that makes something else of a text", good.replace("text: ", "text: !!binary "), /binary|criteria\.0\.text/],
    ["YAML that does not parse", "criteria: [\n", /does not parse/],
    ["several documents", `${good}---\n${good}`, /document/],
    ["an equals that is a list", "criteria: []\nchecks:\n  - {id: K1, criterion: C1, kind: jsonPath, path: a, pointer: /a, equals: [1]}\n", /checks\.0\.equals/],
    ["an endless number", "criteria: []\nchecks:\n  - {id: K1, criterion: C1, kind: jsonPath, path: a, pointer: /a, equals: .inf}\n", /checks\.0\.equals/],
  ];
  for (const [what, yaml, says] of refused) {
    it(`refuses ${what} and says so`, () => assert.match(problems(yaml), says));
  }
});
