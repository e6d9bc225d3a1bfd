// Makes a program of a TypeScript file of the benchmark, the way the product's own programs are made.
import { rmSync } from "node:fs";
import path from "node:path";
import { ROOT, common } from "../../scripts/bundles.mjs";

/** As the tests' bundles: ignored by git, in no package, one folder a process, at the root where packages are found. */
const outdir = path.join(ROOT, `.test-build-${process.pid}`);

/** The path of the bundle of `test/bench/<name>.ts`; it is there until this process ends. */
export async function bundle(name) {
  const { build } = await import("esbuild");
  process.once("exit", () => rmSync(outdir, { recursive: true, force: true }));
  await build({ ...common, entryPoints: [path.join(import.meta.dirname, `${name}.ts`)], outdir, packages: "external", logLevel: "error" });
  return path.join(outdir, `${name}.cjs`);
}
