// Bundles a small program so that a test can run it as a process of its own.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";

/** The path of a runnable file made from `lines`, whose imports of `src/…` and `test/…` mean the repository's. */
export async function bundled(folder: string, name: string, lines: readonly string[]): Promise<string> {
  const source = path.join(folder, name);
  writeFileSync(source, `${lines.join("\n")}\n`);
  const outfile = path.join(folder, `${path.parse(name).name}.cjs`);
  await build({
    entryPoints: [source],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    nodePaths: [path.resolve("node_modules")],
    alias: { src: path.resolve("src"), test: path.resolve("test") },
    loader: { ".md": "text" },
    // As scripts/bundles.mjs does it for the product.
    define: { "import.meta.url": "__importMetaUrl" },
    banner: { js: "const __importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
    logLevel: "error",
  });
  return outfile;
}
