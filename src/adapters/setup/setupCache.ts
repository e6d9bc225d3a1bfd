// Keeps what set-up commands made, by key, and clones it into other checkouts. An entry is there whole or not at all,
// and nothing that is done to a clone reaches it.
import { createHash, randomBytes } from "node:crypto";
import { lstat, mkdir, readFile, realpath, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod/mini";
import { CountersignError } from "../../core/domain/errors";
import { parseWith } from "../../core/domain/schema";
import { removeTree, sweepOld } from "../git/removeTree";
import { errnoOf, ioError } from "../store/ioError";
import { copyTree } from "./copyTree";
import { findRelocations, relocate } from "./relocate";
import type { KeyPart } from "./setupPlan";

const MANIFEST = "manifest.json";

const manifestSchema = z.object({
  version: z.literal(1),
  /** The folder in which the command ran, as it was named and as it really is. */
  roots: z.array(z.string()),
  products: z.array(
    z.object({ path: z.string(), stored: z.string(), texts: z.array(z.string()), links: z.array(z.string()) }),
  ),
});
type Manifest = z.infer<typeof manifestSchema>;
type Product = Manifest["products"][number];

export interface CachedSetup {
  readonly folder: string;
  readonly manifest: Manifest;
}

export function cacheKey(parts: readonly KeyPart[]): string {
  const hash = createHash("sha256");
  for (const { name, content } of parts)
    hash.update(`${name.length} ${name} ${Buffer.byteLength(content)} `).update(content);
  return hash.digest("hex");
}

export class SetupCache {
  constructor(private readonly folder: string) {}

  /** null where nothing is, or nothing that can be used. */
  async find(key: string): Promise<CachedSetup | null> {
    const folder = path.join(this.folder, key);
    let data: unknown;
    try {
      data = JSON.parse(await readFile(path.join(folder, MANIFEST), "utf8"));
    } catch (error) {
      if (!(error instanceof SyntaxError) && errnoOf(error) === null) throw error;
      return null;
    }
    const parsed = parseWith(manifestSchema, data);
    return parsed.ok ? { folder, manifest: parsed.value } : null;
  }

  /** Forgets an entry that turned out to be damaged. */
  async drop(key: string): Promise<void> {
    await removeTree(path.join(this.folder, key));
  }

  /** Stores these paths of `dir`. Of several that store the same key, the first wins. */
  async store(key: string, dir: string, products: readonly string[]): Promise<void> {
    const temporary = path.join(this.folder, `.new-${process.pid}-${randomBytes(6).toString("hex")}`);
    try {
      await sweepOld(this.folder, /^\.new-/);
      await mkdir(temporary, { recursive: true });
      const roots = [...new Set([await realpath(dir), dir])];
      const stored: Product[] = [];
      for (const [at, product] of products.entries()) {
        const tree = path.join(temporary, String(at));
        await copyTree(path.join(dir, product), tree);
        const { texts, links } = await findRelocations(tree, roots);
        stored.push({ path: product, stored: String(at), texts: [...texts], links: [...links] });
      }
      await writeFile(path.join(temporary, MANIFEST), JSON.stringify({ version: 1, roots, products: stored }));
      // What is there and cannot be found is damaged, and would keep this one out.
      if ((await this.find(key)) === null) await this.drop(key);
      await publish(temporary, path.join(this.folder, key));
    } catch (error) {
      throw ioError(error, {
        what: "The result of the set-up could not be cached",
        kept: "The checkout itself is prepared.",
      });
    } finally {
      await removeTree(temporary);
    }
  }

  /** Puts copies of what was stored into `dir`; whatever is in their place goes. */
  async restore({ folder, manifest }: CachedSetup, dir: string): Promise<void> {
    const target = await realpath(dir);
    for (const product of manifest.products) {
      const place = path.join(target, product.path);
      await mustStayInside(target, product.path);
      const fresh = path.join(path.dirname(place), `.countersign-setup-${randomBytes(6).toString("hex")}`);
      try {
        await mkdir(path.dirname(place), { recursive: true });
        await copyTree(path.join(folder, product.stored), fresh);
        await relocate(fresh, product, manifest.roots, target);
        await removeTree(place);
        await rename(fresh, place);
      } catch (error) {
        await removeTree(fresh);
        throw ioError(error, {
          what: `${product.path} could not be cloned from the set-up cache`,
          kept: "The cache is whole.",
        });
      }
    }
  }
}

async function publish(temporary: string, place: string): Promise<void> {
  try {
    await rename(temporary, place);
  } catch (error) {
    // Another process was first, with the same result.
    if (!["EEXIST", "ENOTEMPTY", "EPERM"].includes(errnoOf(error) ?? "") || !(await isThere(place))) throw error;
  }
}

async function isThere(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return false;
    throw error;
  }
}

/** An attempt may have replaced a folder by a link that leads anywhere. */
async function mustStayInside(root: string, file: string): Promise<void> {
  const parts = file.split("/").slice(0, -1);
  for (let depth = 1; depth <= parts.length; depth++) {
    const part = path.join(root, ...parts.slice(0, depth));
    try {
      if ((await lstat(part)).isDirectory()) continue;
    } catch (error) {
      if (errnoOf(error) === "ENOENT") return;
      throw ioError(error, { what: `${part} could not be looked at`, kept: "Nothing was written there." });
    }
    throw new CountersignError("setup", `${part} is no folder, so ${file} cannot be put there. Nothing was written.`);
  }
}
