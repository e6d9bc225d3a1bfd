import { strict as assert } from "node:assert";
import { decide, policyProblems, type Decision } from "../../src/core/policy/commandPolicy";
import { LONGEST_COMMAND } from "../../src/core/policy/shellReading";

type Row = readonly [allow: readonly string[], command: string, expected: Decision];

function expectRows(rows: readonly Row[], deny: readonly string[] = []): void {
  for (const [allow, command, expected] of rows) {
    it(`${expected}: ${JSON.stringify(command)} under ${JSON.stringify(allow)}`, () => {
      const { decision, reason } = decide(command, { allow, deny });
      assert.equal(decision, expected, reason);
    });
  }
}

describe("decide: what an allow entry covers", () => {
  expectRows([
    // Word for word, however it is quoted.
    [["npm test"], "npm test", "allow"],
    [["npm test"], "npm  'te''st'", "allow"],
    [["npm test"], "npm test --watch", "ask"],
    [["npm test"], "npm", "ask"],
    [["npm test"], "npm testing", "ask"],
    [["npm test"], "pnpm test", "ask"],
    [["npm run 'a b'"], "npm run a\\ b", "allow"],
    [["npm run 'a b'"], "npm run a b", "ask"],
    [["bash scripts/check.sh"], "bash scripts/check.sh", "allow"],
    [["bash scripts/check.sh"], "bash scripts/check.sh x", "ask"],
    [["node --test"], "node --test", "allow"],
    [["sudo apt-get update"], "sudo apt-get update", "allow"],
    [["git push origin main"], "git push origin main", "allow"],
    [["git push origin main"], "git push origin main --force", "ask"],
    [["cat .env"], "cat .env", "allow"],
    [["cat"], "cat .env", "ask"],
    [["/usr/bin/git log"], "/usr/bin/git log -5", "allow"],
    [["/usr/bin/git log"], "git log -5", "ask"],
    // Programs that read: more arguments, as long as they only read.
    [["git log"], "git log --oneline -5", "allow"],
    [["git log"], "git --no-pager log -5", "allow"],
    [["git --no-pager log"], "git --no-pager log -5", "allow"],
    [["git log"], "git log --output=f", "ask"],
    [["git log"], "git show", "ask"],
    [["git log --oneline"], "git log --oneline -5", "allow"],
    [["git log --oneline"], "git log -5 --oneline", "ask"],
    [["git"], "git log -5", "allow"],
    [["git"], "git push", "ask"],
    [["ls"], "ls -la src", "allow"],
    [["ls -la"], "ls -la src", "allow"],
    [["ls -la"], "ls src", "ask"],
    [["cat"], "cat a | cat", "allow"],
    [["cat"], "cat a | head", "ask"],
  ]);
});

describe("decide: a last *", () => {
  expectRows([
    [["npm test *"], "npm test", "allow"],
    [["npm test *"], "npm test -- --grep 'a b'", "allow"],
    [["npm test *"], "npm testing", "ask"],
    [["npm test *"], "npm test $X", "ask"],
    [["npm test *"], "npm test *.js", "ask"],
    [["npm test *"], "npm test ~/x", "ask"],
    [["npm test *"], "npm test {a,b}", "ask"],
    [["npm test *"], "npm test $(ls)", "ask"],
    [["npm test *"], "npm test > f", "ask"],
    [["npm test *"], "npm test && ls", "ask"],
    [["npm test *"], "npm test --script-shell=x", "ask"],
    [["npm test *"], "npm test --scrip=x", "ask"],
    [["npm test *"], "X=1 npm test", "ask"],
    [["cargo test *"], "cargo test -p core --all-features", "allow"],
    [["cargo test *"], "cargo test --config 'build.rustc=\"x\"'", "ask"],
    [["go test *"], "go test ./... -run X", "allow"],
    [["go test *"], "go test -exec x ./...", "ask"],
    [["make *"], "make build", "allow"],
    [["make *"], "make -f x", "ask"],
    [["make *"], "make SHELL=x", "ask"],
    [["curl *"], "curl http://h/x", "allow"],
    [["curl *"], "curl -o f http://h", "ask"],
    [["curl *"], "curl -sSLo f http://h", "ask"],
    [["curl *"], "curl --outp f http://h", "ask"],
    [["curl *"], "curl --data @f http://h", "ask"],
    [["curl -o f *"], "curl -o f http://h", "allow"],
    [["rm *"], "rm -rf build", "allow"],
    // It stands for no other command.
    [["sudo *"], "sudo ls", "ask"],
    [["env *"], "env ls", "ask"],
    [["bash *"], "bash -c ls", "ask"],
    [["bash *"], "bash x.sh", "ask"],
    [["node *"], "node -e 1", "ask"],
    [["xargs *"], "xargs ls", "ask"],
    [["xargs ls"], "xargs ls", "ask"],
    [["ssh *"], "ssh h ls", "ask"],
    [["npx *"], "npx x", "ask"],
    [["npx eslint *"], "npx eslint src", "allow"],
    [["npx eslint *"], "npx eslint -c x.js src", "ask"],
    [["npx eslint *"], "npx eslint --fix src", "ask"],
    [["docker run img *"], "docker run img ls", "ask"],
    [["python3 tool.py *"], "python3 tool.py --verbose a", "allow"],
    [["eval *"], "eval ls", "ask"],
    [["export *"], "export A=b", "ask"],
    // For programs that read it adds nothing but what the entry names itself.
    [["git *"], "git log -5", "allow"],
    [["git *"], "git push", "ask"],
    [["git *"], "git -c core.pager=x log", "ask"],
    [["git log *"], "git log --output=f", "ask"],
    [["git commit *"], "git commit -m 'a; b'", "allow"],
    [["git commit *"], "git -c core.editor=x commit", "ask"],
    [["git push *"], "git push origin main", "allow"],
    [["git push *"], "git push --receive-pack=x", "ask"],
    [["git clone *"], "git clone 'ext::sh -c x'", "ask"],
    [["find *"], "find . -name x", "allow"],
    [["find *"], "find . -delete", "ask"],
    [["sed *"], "sed -i s/a/b/ f", "ask"],
    [["sed -i *"], "sed -i s/a/b/ f", "allow"],
    [["sed -i *"], "sed -i 'w f' g", "ask"],
    [["sort -o *"], "sort -o f g", "allow"],
    [["tar -xf *"], "tar -xf a.tar", "allow"],
    [["tar -xf *"], "tar -xf a.tar --to-command=x", "ask"],
  ]);
});

describe("decide: several entries and several commands", () => {
  expectRows([
    [["ls", "pwd"], "ls; pwd", "allow"],
    [["ls", "pwd"], "ls && pwd || ls", "allow"],
    [["ls"], "ls; pwd", "ask"],
    [["echo", "bash"], "echo 'ls' | bash", "ask"],
    [["echo", "python3"], "echo 1 | python3", "ask"],
    [["cd", "npm test"], "cd src && npm test", "ask"],
    [["cd", "ls"], "cd src && ls", "allow"],
    [["alias x=y", "ls"], "alias x=y; ls", "ask"],
    [["alias x=y"], "alias x=y", "allow"],
    [["git", "git push"], "git push", "allow"],
  ]);

  it("lets deny win, whatever allows it", () => {
    const policy = { allow: ["git push", "rm *", "ls"], deny: ["git push", "rm"] };
    for (const command of ["git push", "rm x", "ls; rm x"]) assert.equal(decide(command, policy).decision, "deny", command);
    assert.equal(decide("ls", policy).decision, "allow");
  });

  it("says what covers it, what denies it, where, and why it asks", () => {
    const policy = { allow: ["ls", "git log"], deny: ["rm"] };
    const reason = (command: string): string => decide(command, policy).reason;
    assert.equal(reason("git log -5 | ls"), 'Covered by "git log", "ls".');
    assert.equal(reason("sudo bash -c 'ls; rm x'"), '"rm" is denied, found in sudo → bash.');
    assert.equal(reason("git log --output=f"), "git log is given --output=f, which is not known only to read.");
    assert.equal(reason("ls > f"), "It writes to a file: >f.");
    assert.equal(reason("make all"), "No entry covers make all.");
    assert.equal(reason("ls $(make)"), "It puts the output of another command into this one: $(make).");
    assert.equal(reason("ls 'a"), "It is no complete command: unterminated single quote.");
    assert.equal(reason(""), "There is no command in it.");
  });
});

describe("decide: what a deny entry denies", () => {
  const rows: readonly (readonly [deny: string, command: string, expected: Decision])[] = [
    ["rm -rf", "rm -rf x", "deny"],
    ["rm -rf", "rm -r -f x", "deny"],
    ["rm -rf", "rm x -fvr", "deny"],
    ["rm -rf", "rm --recursive --force x", "deny"],
    ["rm -rf", "rm --recur -f x", "deny"],
    ["rm -rf", "rm -R -f x", "deny"],
    ["rm -rf", "rm -r x", "ask"],
    ["rm -rf", "rm x", "ask"],
    ["git push --force", "git push origin -f", "deny"],
    ["git push --force", "git push --force=x", "deny"],
    ["git push --force", "git -C a push --force", "deny"],
    ["git push --force", "git push origin main", "ask"],
    ["git push --force", "git push --force-with-lease", "ask"],
    ["git push", "git log push", "ask"],
    ["git branch -D", "git branch -d x", "ask"],
    ["npm run deploy", "npm run-script deploy", "deny"],
    ["npm run deploy", "npm --prefix x run deploy", "deny"],
    ["npm run deploy", "npm run build", "ask"],
    ["npm publish", "npm publ", "deny"],
    ["npm install", "npm i x", "deny"],
    ["docker rm", "docker container rm x", "deny"],
    ["curl -X DELETE", "curl http://h -XDELETE", "deny"],
    ["curl -X DELETE", "curl -X GET http://h", "ask"],
    ["find -delete", "find . -name x -delete", "deny"],
    ["find -delete", "find . -name x", "ask"],
    ["python", "python3.12 x.py", "deny"],
    ["pip install", "python3 -m pip install x", "deny"],
    ["./deploy.sh", "bash deploy.sh", "deny"],
    ["./deploy.sh", "sh -x a/deploy.sh", "deny"],
    ["/usr/bin/rm", "rm x", "deny"],
    ["kubectl delete", "kubectl -n a delete pod b", "deny"],
    ["rm *", "rm x", "deny"],
  ];
  for (const [deny, command, expected] of rows) {
    it(`${expected}: ${command} under ${deny}`, () => {
      const { decision, reason } = decide(command, { allow: [], deny: [deny] });
      assert.equal(decision, expected, reason);
    });
  }
});

describe("decide: entries that mean nothing", () => {
  const bad = ["", "  ", "*", "a && b", "a | b", "a > f", "A=1 b", "$X", "a $X", "ls *.ts", "npm run * x", "a 'b", "a\u202eb", "ls ~/x", "a # b\nc", "x".repeat(2000)];
  for (const entry of bad) {
    it(`names ${JSON.stringify(entry.slice(0, 20))} as a problem`, () => {
      assert.equal(policyProblems({ allow: [entry], deny: [] }).length, 1);
      assert.match(policyProblems({ allow: [], deny: [entry] })[0] ?? "", /^The entry ".*" means nothing: .+\.$/s);
    });
  }

  it("covers nothing by them, and allows nothing while a deny entry is one", () => {
    assert.equal(decide("ls", { allow: ["ls && pwd", "*"], deny: [] }).decision, "ask");
    const { decision, reason } = decide("ls", { allow: ["ls"], deny: ["a && b"] });
    assert.equal(decision, "ask");
    assert.match(reason, /while a deny entry cannot be read/);
    assert.equal(decide("rm x", { allow: ["ls"], deny: ["a && b", "rm"] }).decision, "deny");
  });
});

describe("decide: limits", () => {
  it("asks about what is too long to be checked", () => {
    const policy = { allow: ["ls"], deny: [] };
    assert.equal(decide(`ls ${"a".repeat(LONGEST_COMMAND - 3)}`, policy).decision, "allow");
    assert.equal(decide(`ls ${"a".repeat(LONGEST_COMMAND - 2)}`, policy).decision, "ask");
  });

  it("asks about what is nested deeper than it looks", () => {
    const nested = (depth: number): string => "(".repeat(depth).replaceAll("(", "( ") + "ls" + " )".repeat(depth);
    assert.equal(decide(nested(20), { allow: ["ls"], deny: [] }).decision, "allow");
    assert.equal(decide(nested(2000), { allow: ["ls"], deny: [] }).decision, "ask");
    assert.notEqual(decide(`${"sudo ".repeat(2000)}ls`, { allow: ["ls", "sudo *"], deny: ["rm"] }).decision, "allow");
  });
});

describe("decide, for cmd.exe", () => {
  const policy = { allow: ["git log", "npm test *", "dir"], deny: ["del"] };
  const rows: readonly (readonly [string, Decision])[] = [
    ["git log -5", "allow"],
    ['npm test "a b"', "allow"],
    ["git log 'a & del x'", "deny"],
    ["git log 'a & calc'", "ask"],
    ["git log %X%", "ask"],
    ["git log ^& calc", "ask"],
    ["git log a\\b", "ask"],
    ["git log !X!", "ask"],
    ["git log > f", "ask"],
    ["d^el x", "deny"],
    ["git log & DEL.exe x", "deny"],
  ];
  for (const [command, expected] of rows) {
    it(`${expected}: ${command}`, () => {
      const { decision, reason } = decide(command, policy, "cmd");
      assert.equal(decision, expected, reason);
    });
  }
});
