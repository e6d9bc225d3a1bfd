// A program: takes pictures of every surface in three themes and two sizes, into the folder it is given.
// Which surfaces there are stands in surfaces.ts.
import { mkdirSync } from "node:fs";
import path from "node:path";
import { inspect } from "node:util";
import { z } from "zod/mini";
import type { ThemeName } from "./editorWindow";
import { SURFACES, type Surface, prepareSurfaces } from "./surfaces";
import { Workbench } from "./workbench";

const THEMES: readonly { readonly folder: string; readonly theme: ThemeName }[] = [
  { folder: "light", theme: "light" },
  { folder: "dark", theme: "dark" },
  { folder: "high-contrast", theme: "highContrast" },
];
const SIZES = [
  { suffix: "wide", width: 1440, height: 900 },
  { suffix: "narrow", width: 900, height: 700 },
] as const;

const REQUEST = z.object({ out: z.string(), filters: z.array(z.string()) });

main().catch((error: unknown) => {
  process.stderr.write(`screenshots: ${inspect(error)}\n`);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const { out, filters } = REQUEST.parse(JSON.parse(process.argv[2] ?? "null"));
  const surfaces = SURFACES.filter(({ name }) => filters.length === 0 || filters.some((filter) => name.includes(filter)));
  if (surfaces.length === 0) throw new Error(`There is no surface like ${filters.join(", ")}. Surfaces: ${SURFACES.map(({ name }) => name).join(", ")}`);
  const workbench = await Workbench.start();
  try {
    await prepareSurfaces(workbench);
    for (const { folder, theme } of THEMES) {
      await workbench.window.chooseTheme(theme);
      await shootAll(workbench, surfaces, path.join(out, folder));
    }
  } catch (error) {
    process.stderr.write(`screenshots: a picture of what stood in the way: ${await workbench.keepEvidence("screenshots")}\n`);
    throw error;
  } finally {
    await workbench.stop();
  }
}

async function shootAll(workbench: Workbench, surfaces: readonly Surface[], folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const { suffix, width, height } of SIZES) {
    await workbench.window.resize(width, height);
    for (const surface of surfaces) {
      await surface.show(workbench.window, workbench);
      const file = path.join(folder, `${surface.name}-${suffix}.png`);
      await workbench.window.screenshot(file);
      await workbench.window.page.keyboard.press("Escape");
      process.stdout.write(`${path.relative("", file)}\n`);
    }
  }
}
