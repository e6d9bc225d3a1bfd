import { strict as assert } from "node:assert";
import path from "node:path";
import { Exclusions } from "../../src/adapters/files/exclusions";
import { excludedPaths } from "../../src/adapters/files/excludedPaths";
import { useSandboxBench, write } from "../builders/sandboxBench";

describe("CommandSandbox with .countersignignore", () => {
  let exclusions: Exclusions | null = null;
  const bench = useSandboxBench(() => ({
    excludedIn: async (tree) => (await excludedPaths(tree, (exclusions ??= new Exclusions(bench.root)))).map((excluded) => path.join(tree, excluded.path)),
  }));
  beforeEach(() => {
    exclusions = null;
    for (const tree of [bench.root, bench.worktree]) write(tree, { ".env": "hidden", "keys/deep/a.pem": "hidden", "src/a.ts": "seen" });
    write(bench.root, { ".countersignignore": ".env\nkeys/\n" });
  });

  it("hides from commands what the user excludes, in the worktree and in the user's own folder", async () => {
    for (const tree of [bench.worktree, bench.root]) {
      const seen = await bench.ask(`cat '${tree}/.env' '${tree}/keys/deep/a.pem' '${tree}/src/a.ts'; ls -A '${tree}/keys'`);
      assert.doesNotMatch(seen, /hidden/);
      assert.match(seen, /seen/);
    }
  });

  it("lets no command move it, link to it or write rules that uncover it", async () => {
    await bench.ask("mv keys k2; ln .env other; rm -f .env; cp .env copy; echo '!*' > .countersignignore; true");
    assert.doesNotMatch(await bench.ask("cat .env keys/deep/a.pem k2/deep/a.pem other copy; true"), /hidden/);
  });
});
