// Finds the set-up commands of a checkout in the order in which they run. Reads only.
import { detectNode } from "./nodeSetup";
import { OTHER_DETECTORS } from "./otherSetup";
import { detectPython } from "./pythonSetup";
import { NEVER, PackageFolder, type SetupPlan } from "./setupPlan";

/** `folders`: relative to `dir`, "" for its root. */
export async function detectPlans(
  dir: string,
  folders: readonly string[],
  platform: NodeJS.Platform,
): Promise<readonly SetupPlan[]> {
  const found = folders.map((folder) => plansIn(new PackageFolder(dir, folder, platform)));
  return (await Promise.all(found)).flat();
}

/**
 * The user's own commands instead. One that detection would have found is reused as detection says; what any other one
 * depends on is unknown, so it always runs.
 */
export function overridden(commands: readonly string[], detected: readonly SetupPlan[]): readonly SetupPlan[] {
  return commands.map((command) => {
    const known = detected.find((plan) => plan.command === command || plan.command.startsWith(`${command} --`));
    if (known !== undefined && known.folder === "") return { ...known, command, source: "setting" };
    const tool = /^\S*/.exec(command)?.[0] ?? command;
    return {
      command,
      source: "setting",
      folder: "",
      tool,
      howToInstall: "",
      keyParts: [],
      runtime: null,
      reuse: NEVER,
    };
  });
}

async function plansIn(folder: PackageFolder): Promise<readonly SetupPlan[]> {
  const plans = await Promise.all([
    detectNode(folder),
    detectPython(folder),
    ...OTHER_DETECTORS.map(async (detect) => {
      const plan = await detect(folder);
      return plan === null ? null : { ...plan, folder: folder.folder };
    }),
  ]);
  return plans.filter((plan) => plan !== null);
}
