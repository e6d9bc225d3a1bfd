// Recognises the lock files of uv, Poetry, Pipenv and pip. Reads only. What they make is a virtual environment `.venv`
// in the folder.
import path from "node:path";
import { glob } from "tinyglobby";
import { EVERYTHING, NEVER, type PackageFolder, type Reuse, type SetupPlan } from "./setupPlan";

const PROJECT_FILES = [
  "pyproject.toml",
  "setup.py",
  "setup.cfg",
  "poetry.toml",
  "uv.toml",
  ".python-version",
  ".tool-versions",
  "mise.toml",
];
/** A requirements file may include any of these. */
const INCLUDABLE = ["*requirements*.txt", "*requirements*.in", "constraints*.txt", "requirements/**/*.txt"];

/** Builds that leave compiled code of the project itself behind, which depends on its sources. */
const COMPILED =
  /maturin|scikit[-_]build|mesonpy|meson-python|setuptools[-_]rust|cffi_modules|ext_modules|Extension\(|cythonize/;

interface Tool {
  readonly lock: string;
  readonly tool: string;
  readonly command: string;
  readonly howToInstall: string;
}

export async function detectPython(folder: PackageFolder): Promise<SetupPlan | null> {
  for (const candidate of toolsFor(folder.platform)) {
    if (!(await folder.has(candidate.lock))) continue;
    const cwd = path.join(folder.dir, folder.folder);
    const included =
      candidate.lock === "requirements.txt"
        ? await glob(INCLUDABLE, { cwd, ignore: ["**/node_modules/**", "**/.venv/**"] })
        : [];
    return {
      command: candidate.command,
      source: candidate.lock,
      folder: folder.folder,
      tool: candidate.tool,
      howToInstall: candidate.howToInstall,
      keyParts: await folder.parts([...new Set([candidate.lock, "Pipfile", ...PROJECT_FILES, ...included.toSorted()])]),
      runtime: `${pythonOn(folder.platform)} --version`,
      reuse: await reuseOf(folder),
    };
  }
  return null;
}

async function reuseOf(folder: PackageFolder): Promise<Reuse> {
  // The launchers in `Scripts` are programs with the path of the environment inside.
  if (folder.platform === "win32") return NEVER;
  const builds = await Promise.all(["pyproject.toml", "setup.py", "setup.cfg"].map((file) => folder.text(file)));
  return builds.some((text) => text !== null && COMPILED.test(text)) ? NEVER : EVERYTHING;
}

/** One a folder: the most exact first. */
function toolsFor(platform: NodeJS.Platform): readonly Tool[] {
  const python = pythonOn(platform);
  const inVenv = platform === "win32" ? ".venv\\Scripts\\python" : ".venv/bin/python";
  const withVariable = (assignment: string, command: string): string =>
    platform === "win32" ? `set "${assignment}" && ${command}` : `${assignment} ${command}`;
  return [
    {
      lock: "uv.lock",
      tool: "uv",
      // Copied, not linked hard to the cache that all projects share: a check may write into the environment.
      command: "uv sync --frozen --link-mode=copy",
      howToInstall: "`pipx install uv` installs it",
    },
    {
      lock: "poetry.lock",
      tool: "poetry",
      command: withVariable("POETRY_VIRTUALENVS_IN_PROJECT=true", "poetry install --no-interaction"),
      howToInstall: "`pipx install poetry` installs it",
    },
    {
      lock: "Pipfile.lock",
      tool: "pipenv",
      command: withVariable("PIPENV_VENV_IN_PROJECT=1", "pipenv sync --dev"),
      howToInstall: "`pipx install pipenv` installs it",
    },
    {
      lock: "requirements.txt",
      tool: python,
      command: `${python} -m venv .venv && ${inVenv} -m pip install --disable-pip-version-check -r requirements.txt`,
      howToInstall: "Python 3 with its venv module is needed",
    },
  ];
}

function pythonOn(platform: NodeJS.Platform): string {
  return platform === "win32" ? "python" : "python3";
}
