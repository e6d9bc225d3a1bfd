// Makes a program of a TypeScript file of the benchmark, the way the product's own programs are made.
import { mkdirSync } from "node:fs";
import path from "node:path";
import { ROOT, common } from "../../scripts/bundles.mjs";

/** The path of the bundle of `test/bench/<name>.ts`, in a folder that git ignores. */
export async function bundle(name) {
  const { build } = await import("esbuild");
  const outdir = path.join(ROOT, "dist/bench");
  mkdirSync(outdir, { recursive: true });
  await build({ ...common, entryPoints: [path.join(import.meta.dirname, `${name}.ts`)], outdir, packages: "external", logLevel: "error" });
  return path.join(outdir, `${name}.cjs`);
}
