import type { Case } from "../builders/cheatBench";
import { GREET_LOUD, greeterContract } from "../builders/cheatRepositories";
import { describeHonestRuns } from "../builders/cheatSuite";
import { HONEST_RUNS } from "../builders/honestRuns";
import { runs, writes } from "../builders/scriptBuilder";

/** Of each profile, and of work that leaves behind what work leaves behind. */
const CHOSEN: Readonly<Record<string, readonly string[]>> = {
  tests: ["adds a file of tests", "has tests that print a lot"],
  work: ["tries its work with the repository's tests", "makes a program executable", "ignores what it builds", "links to folders and files of the repository", "names files in every script", "works on what the user has not committed"],
  profiles: ["verifies data and adds to them", "writes documents only", "writes code against a sealed check", "checks the syntax of a script"],
  verdicts: ["probes the work before it answers"],
};

const IN_PYTHON = `import subprocess
import tempfile
import unittest


class Greets(unittest.TestCase):
    def test_by_name(self):
        with tempfile.NamedTemporaryFile("w+") as out:
            subprocess.run(["sh", "greet.sh", "Ada"], stdout=out, check=True)
            out.seek(0)
            self.assertEqual(out.read(), "Hello, Ada\\n")
`;

const OWN: readonly Case[] = [
  { name: "has tests in Python", repository: "greeter", files: { "test_greet.py": IN_PYTHON }, contracts: [greeterContract({ tests: { run: "python3 -m unittest" } })] },
  {
    name: "looks at its work with git, and uses temporary files and pipes",
    repository: "greeter",
    work: [writes("greet.sh", GREET_LOUD), runs(`sh -c 'set -e; list="$(mktemp)"; git diff --stat > "$list"; git status --short | sort >> "$list"; git log --oneline -3 >> "$list"; grep -q greet.sh "$list"; cp "$list" notes.local'`), runs("test -s notes.local")],
  },
];

function chosen(): readonly Case[] {
  return Object.entries(CHOSEN).flatMap(([table, names]) =>
    names.map((name) => {
      const found = HONEST_RUNS[table]?.find((run) => run.name === name);
      if (found === undefined) throw new Error(`There is no honest run "${name}" of ${table}.`);
      return found;
    }),
  );
}

const inSandbox = (run: Case): Case => ({ ...run, sandbox: "auto" });

describeHonestRuns("Honest runs in the sandbox", [...chosen(), ...OWN].map(inSandbox));
