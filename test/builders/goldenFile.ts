// Compares a text with a file in `test/golden`. `UPDATE_GOLDEN=1` writes the files anew; a missing one fails.
import { strict as assert } from "node:assert";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const ROOT = path.join("test", "golden");

/** The golden files of one folder, which holds nothing else. */
export class GoldenFolder {
  private readonly used = new Set<string>();
  private readonly update = process.env["UPDATE_GOLDEN"] === "1";

  constructor(private readonly folder: string) {}

  matches(name: string, text: string): void {
    const file = path.join(ROOT, this.folder, name);
    this.used.add(name);
    if (this.update) {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    assert.ok(existsSync(file), `${file} is missing: run the tests with UPDATE_GOLDEN=1, read what they wrote, and commit it`);
    assert.equal(text, readFileSync(file, "utf8"), `${file} differs: if that is meant, run the tests with UPDATE_GOLDEN=1 and read the difference`);
  }

  /** To be called last: a file that no test compares with proves nothing. */
  hasNoOthers(): void {
    const folder = path.join(ROOT, this.folder);
    const others = existsSync(folder) ? readdirSync(folder).filter((name) => !this.used.has(name)) : [];
    if (this.update) for (const name of others) rmSync(path.join(folder, name));
    else assert.deepEqual(others, [], `no test compares with these files of ${folder}`);
  }
}
