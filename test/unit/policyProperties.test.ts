import { strict as assert } from "node:assert";
import fc from "fast-check";
import { decide } from "../../src/core/policy/commandPolicy";
import { explain } from "../../src/core/policy/explain";
import { ANY_CHARACTER } from "../builders/anyCharacter";
import { MUST_ASK, MUST_DENY, PLAIN_READS, READING } from "../fixtures/commandPolicy";

const ALLOWED = PLAIN_READS.filter((command) => !command.includes("#"));
/** Commands that the policy does not cover, whatever they are joined to. */
const STRANGERS = ["evil", "evil -x y", "make all", "rm x", "git push", "git log --output=f", "sed -i p f", "$X", "./ls", "X=1 ls", "sh -c ls"];

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Ways to run a command through something else. */
const WRAPPERS: readonly ((command: string) => string)[] = [
  (c) => `sudo ${c}`,
  (c) => `sudo -u root -E -- ${c}`,
  (c) => `env A=b ${c}`,
  (c) => `env -i -u X ${c}`,
  (c) => `nice -n 5 ${c}`,
  (c) => `timeout -k 1 10s ${c}`,
  (c) => `nohup ${c}`,
  (c) => `time ${c}`,
  (c) => `command ${c}`,
  (c) => `exec ${c}`,
  (c) => `xargs -0 -n 1 ${c}`,
  (c) => `find . -exec ${c} {} +`,
  (c) => `stdbuf -oL ${c}`,
  (c) => `setsid ${c}`,
  (c) => `busybox ${c}`,
  (c) => `docker run --rm -it -v a:b image ${c}`,
  (c) => `ssh -p 22 host ${quoted(c)}`,
  (c) => `watch -n 1 ${quoted(c)}`,
  (c) => `parallel ${quoted(c)} ::: a`,
  (c) => `bash -c ${quoted(c)}`,
  (c) => `sh -lc ${quoted(c)}`,
  (c) => `eval ${quoted(c)}`,
  (c) => `su -c ${quoted(c)}`,
  (c) => `echo ${quoted(c)} | sh`,
  (c) => `bash <<< ${quoted(c)}`,
  (c) => `bash <<'END'\n${c}\nEND`,
];

/** Ways to place it in a command line. */
const PLACES: readonly ((command: string) => string)[] = [
  (c) => `ls; ${c}`,
  (c) => `ls && ${c}`,
  (c) => `ls | ${c}`,
  (c) => `ls || ${c}`,
  (c) => `ls & ${c}`,
  (c) => `ls\n${c}`,
  (c) => `ls $(${c})`,
  (c) => `ls "$(${c})"`,
  (c) => `cat <(${c})`,
  (c) => `(${c})`,
  (c) => `( (${c}) )`,
  (c) => `{ ${c}\n}`,
  (c) => `! ${c}`,
  (c) => `if true; then ${c}\nfi`,
  (c) => `while true; do ${c}\ndone`,
  (c) => `for x in a; do ${c}\ndone`,
  (c) => `f() { ${c}\n}; f`,
  (c) => `A=$(${c}) ls`,
  (c) => `echo \${a:-$(${c})}`,
  (c) => `${c} > /dev/null 2>&1`,
];

/** Spellings of `rm x` that every shell reads as `rm x`. */
const SPELLINGS = ["rm x", "\\rm x", "r\\m x", "'rm' x", '"rm" x', "r''m x", 'r"m" x', "/bin/rm x", "/usr/bin/../bin/rm x", "r\\\nm x", "rm\tx", "$'\\x72m' x", "rm -rf x"];

const wrapped = fc.tuple(fc.constantFrom(...SPELLINGS), fc.array(fc.constantFrom(...WRAPPERS, ...PLACES), { maxLength: 3 }))
  .map(([command, ways]) => ways.reduce((so, way) => way(so), command));

/** Text that looks like shell. */
const shellish = fc.array(
  fc.oneof(
    fc.constantFrom(..."ls |cat |git log|rm |;|&&|&||||\n|$(|)|`|'|\"|\\|{|}|(|<|>|>f|<<E|E\n|$X|${X|}|*|~|#|!|[[|]]|((|))|if |then |fi|do |done|case |esac|$'|=|A=|\t|\0|\r|\u202e|\u{1f600}|\ud800".split("|").filter((piece) => piece !== "")),
    fc.string({ unit: ANY_CHARACTER, maxLength: 4 }),
  ),
  { maxLength: 14 },
).map((pieces) => pieces.join(""));

describe("decide (properties)", () => {
  it("denies a denied command through two wrappers or places, and never allows it through more", () => {
    fc.assert(
      fc.property(wrapped, (command) => assert.notEqual(decide(command, READING).decision, "allow", command)),
      { numRuns: 3000 },
    );
    for (const way of PLACES) assert.equal(decide(way("A=b rm x"), READING).decision, "deny", way("A=b rm x"));
    for (const spelling of SPELLINGS) {
      for (const way of [...WRAPPERS, ...PLACES]) {
        const command = way(spelling);
        assert.equal(decide(command, READING).decision, "deny", command);
      }
    }
  });

  it("never allows a denied command for being put into another language's program", () => {
    for (const program of ["python3 -c", "node -e", "perl -e", "ruby -e", "awk"]) {
      for (const deed of ["system('rm x')", "exec(['rm', 'x'])", "`rm x`"]) assert.notEqual(decide(`${program} ${quoted(deed)}`, READING).decision, "allow");
    }
  });

  it("never allows what is not covered behind something that is", () => {
    const joints: readonly ((a: string, b: string) => string)[] = [
      (a, b) => `${a}; ${b}`,
      (a, b) => `${a} && ${b}`,
      (a, b) => `${a} | ${b}`,
      (a, b) => `${a} |& ${b}`,
      (a, b) => `${a}\n${b}`,
      (a, b) => `${a} $(${b})`,
      (a, b) => `${a} "\`${b}\`"`,
      (a, b) => `${a} & ${b}`,
      (a, b) => `${b}; ${a}`,
      (a, b) => `${a} <(${b})`,
      (a) => `${a} > f`,
      (a) => `${a} >> f`,
      (a) => `${a} &`,
      (a) => `PATH=. ${a}`,
    ];
    fc.assert(
      fc.property(fc.constantFrom(...ALLOWED), fc.constantFrom(...STRANGERS), fc.constantFrom(...joints), (a, b, join) => {
        assert.notEqual(decide(join(a, b), READING).decision, "allow", join(a, b));
      }),
      { numRuns: 4000 },
    );
  });

  it("allows two allowed commands in a row exactly as it allows each", () => {
    const folderless = ALLOWED.filter((command) => !/\bcd\b/.test(command));
    fc.assert(
      fc.property(fc.constantFrom(...folderless), fc.constantFrom(...folderless), fc.constantFrom("\n", "\n\n"), (a, b, joint) => {
        assert.equal(decide(a + joint + b, READING).decision, "allow", a + joint + b);
      }),
      { numRuns: 1000 },
    );
  });

  it("is total and deterministic, and explain with it", () => {
    fc.assert(
      fc.property(shellish, fc.array(shellish, { maxLength: 2 }), fc.array(shellish, { maxLength: 2 }), (command, allow, deny) => {
        const policy = { allow: [...allow, "ls", "cat", "git log"], deny: [...deny, "rm"] };
        assert.deepEqual(decide(command, policy), decide(command, policy));
        assert.ok(Array.isArray(explain(command).commands));
      }),
      { numRuns: 3000 },
    );
  });

  it("never becomes more lenient with another deny entry, or stricter with another allow entry", () => {
    const rank = { deny: 0, ask: 1, allow: 2 };
    const command = fc.oneof(fc.constantFrom(...PLAIN_READS, ...MUST_ASK, ...MUST_DENY), shellish);
    const entry = fc.constantFrom("ls", "git", "rm", "git log", "npm test *", "cat", "evil", "echo", "sh");
    fc.assert(
      fc.property(command, fc.array(entry), fc.array(entry), entry, (text, allow, deny, more) => {
        const before = rank[decide(text, { allow, deny }).decision];
        assert.ok(rank[decide(text, { allow, deny: [...deny, more] }).decision] <= before, text);
        assert.ok(rank[decide(text, { allow: [...allow, more], deny }).decision] >= before, text);
      }),
      { numRuns: 3000 },
    );
  });

  it("comes to an end on input made to be slow", () => {
    const pieces = ["$(", "(", "{a,", "{a,b}", "`", "$((", "ls;", "ls|", "<<a ", "*a", "${a:-", "\\", "case a in a) ", "if ", "f(){ ", "bash -c '", "sudo ", "sudo -Q ", "env A=1 ", "$'a'", '$"a"', "A=ls;$A;", "eval ", "find . -exec a ", "nice ", "[["];
    for (const piece of pieces) {
      for (const before of ["", "ls ", "sed '", "awk '"]) {
        const { decision } = decide(before + piece.repeat(Math.floor(3000 / piece.length)), READING);
        assert.ok(["allow", "ask", "deny"].includes(decision));
      }
    }
  });
});
