// Files that checks depend on beside the code they test: tests, what configures and runs them, scripts. Told by their
// names; and how such a file is put back to the base's without undoing what else it holds. Pure.
import { isTestFile } from "./sourceFile";

/**
 * `test`: a test or what tests use · `config`: settings of a runner, a package manager or a CI · `vendor`: code of others
 * that tests may use · `shadow`: takes the place of a runner or of what it loads
 */
export type ProtectedKind = "test" | "config" | "vendor" | "shadow";

const CONFIG_NAME = new RegExp(
  `^(?:${[
    String.raw`\.mocharc(?:\..+)?|mocha\.opts|jest\.(?:config|setup|preset)\..+|setup-?tests?\..+|vitest\.(?:config|setup|workspace)\..+|vite\.config\..+`,
    String.raw`ava\.config\..+|\.taprc|karma\.conf\..+|playwright\.config\..+|cypress\.(?:config\..+|json)|\.nycrc.*|\.c8rc.*`,
    String.raw`pytest\.ini|\.?pytest\.toml|tox\.ini|setup\.cfg|pyproject\.toml|conftest\.py|noxfile\.py|\.coveragerc`,
    String.raw`tsconfig(?:\..+)?\.json|\.babelrc.*|babel\.config\..+|\.swcrc|bunfig\.toml|deno\.jsonc?`,
    String.raw`\.npmrc|\.yarnrc(?:\.yml)?|\.pnpmfile\.cjs|eslint\.config\..+|\.eslintrc.*|\.eslintignore|biome\.jsonc?|\.oxlintrc\.json`,
    String.raw`\.golangci\..+|nextest\.toml|phpunit\.xml.*|\.rspec|makefile|gnumakefile|jenkinsfile|\.gitlab-ci\.yml|azure-pipelines\.yml|\.travis\.yml`,
  ].join("|")})$`,
  "i",
);
const CONFIG_PLACE = /^(?:\.github\/workflows|\.circleci)\/|(?:^|\/)\.cargo\/config(?:\.toml)?$/;
const CI_NAME = /(?:^|\/)(?:jenkinsfile|\.gitlab-ci\.yml|azure-pipelines\.yml|\.travis\.yml)$/i;
const VENDOR = /(?:^|\/)(?:vendor|third_party)\//;
/** Modules of Python's own that tests judge with, and that a file of the same name hides where they are started. */
const SHADOWED = /^(?:tests?\/)?(?:ast|contextlib|dataclasses|decimal|difflib|doctest|functools|importlib|inspect|json|operator|os|pathlib|re|runpy|shutil|subprocess|tempfile|traceback|warnings)\.py$/;
const SHADOW = /(?:^|\/)(?:node_modules\/|\.pnp\.|(?:sitecustomize|usercustomize|pytest|unittest|nose)\.py$|(?:_?pytest|unittest|nose)\/|[^/]*\.pth$)/;
/** They say as much about the product as about its tests: putting them back would judge the wrong thing. */
const SHARED = /(?:^|\/)(?:tsconfig(?:\..+)?\.json|\.babelrc.*|babel\.config\..+|\.swcrc|vite\.config\..+|deno\.jsonc?)$/i;
/** New targets and jobs belong to the work; only what was there before is looked at. */
const GROWS = /(?:^|\/)(?:gnumakefile|makefile)$/i;

export function protectedKind(path: string): ProtectedKind | null {
  if (SHADOW.test(path) || SHADOWED.test(path)) return "shadow";
  if (CONFIG_NAME.test(path.slice(path.lastIndexOf("/") + 1)) || CONFIG_PLACE.test(path)) return "config";
  if (isTestFile(path)) return "test";
  return VENDOR.test(path) ? "vendor" : null;
}

/** A script whose name says that it verifies, not that it is the product. */
export function isCheckScript(path: string): boolean {
  return /(?:^|[/._-])(?:tests?|verify|verification|checks?|lint|validate|ci|assert|audit|qa|specs?|smoke|e2e)(?=[/._-]|$)/i.test(path);
}

export function isSharedConfig(path: string): boolean {
  return SHARED.test(path);
}

export function isCiConfig(path: string): boolean {
  return CONFIG_PLACE.test(path) ? !path.includes(".cargo/") : CI_NAME.test(path);
}

export function isGrowingConfig(path: string): boolean {
  return GROWS.test(path);
}

/** What of a package.json tells how tests run. */
const RUNNER_KEYS = ["jest", "mocha", "ava", "nyc", "c8", "tap", "vitest", "babel", "eslintConfig"] as const;

/**
 * The attempt's text with what decides about tests as it is in the base's; null for a file that is only about tests.
 */
export function partlyRestored(path: string, base: string, attempt: string): string | null {
  if (isManifest(path)) return restoredManifest(base, attempt);
  if (/(?:^|\/)(?:pyproject\.toml|setup\.cfg|tox\.ini)$/.test(path)) return restoredSections(base, attempt);
  return null;
}

export function isManifest(path: string): boolean {
  return /(?:^|\/)package\.json$/.test(path);
}

/** The scripts of a package.json; none of a text that is none. */
export function scriptsIn(text: string): Readonly<Record<string, string>> {
  const { scripts } = objectIn(text);
  if (typeof scripts !== "object" || scripts === null) return {};
  return Object.fromEntries(Object.entries(scripts).flatMap(([name, run]) => (typeof run === "string" ? [[name, run]] : [])));
}

function restoredManifest(base: string, attempt: string): string {
  const [before, after] = [objectIn(base), objectIn(attempt)];
  const own = scriptsIn(base);
  // A hook of a script that was there before would run with it.
  const hooks = new Set(Object.keys(own).flatMap((name) => [`pre${name}`, `post${name}`]));
  const added = Object.entries(scriptsIn(attempt)).filter(([name]) => !hooks.has(name) && !Object.hasOwn(own, name));
  const runners = RUNNER_KEYS.map((key) => [key, before[key]] as const);
  return `${JSON.stringify({ ...after, scripts: { ...own, ...Object.fromEntries(added) }, ...Object.fromEntries(runners) }, null, 2)}\n`;
}

/** Whether what it says about tests differs. */
export function differsForTests(path: string, base: string, attempt: string): boolean {
  if (isManifest(path)) return !sameScripts(base, attempt);
  return attempt !== (partlyRestored(path, base, attempt) ?? base);
}

function sameScripts(base: string, attempt: string): boolean {
  const told = (text: string): string => {
    const all = objectIn(text);
    return JSON.stringify(RUNNER_KEYS.map((key) => all[key] ?? null));
  };
  const [before, after] = [scriptsIn(base), scriptsIn(attempt)];
  const hooked = Object.keys(before).flatMap((name) => [name, `pre${name}`, `post${name}`]);
  return told(base) === told(attempt) && hooked.every((name) => before[name] === after[name]);
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const data: unknown = JSON.parse(text);
    return typeof data === "object" && data !== null ? { ...data } : {};
  } catch {
    // What npm cannot read runs nothing either.
    return {};
  }
}

const TEST_SECTION = /^\[(?:tool\.(?:pytest|coverage|tox|nox|hatch\.envs)\b.*|pytest|tool:pytest|tox|testenv.*|coverage:.*)\]/;

function restoredSections(base: string, attempt: string): string {
  const ofTests = sectionsIn(base).filter((section) => TEST_SECTION.test(section));
  const others = sectionsIn(attempt).filter((section) => !TEST_SECTION.test(section));
  const theirs = sectionsIn(attempt).filter((section) => TEST_SECTION.test(section));
  return ofTests.join("") === theirs.join("") ? attempt : [...others, ...ofTests].map((section) => (section.endsWith("\n") ? section : `${section}\n`)).join("");
}

/** Each with its heading; what stands before the first one is one, too. */
function sectionsIn(text: string): readonly string[] {
  return text.split(/^(?=\[)/m).filter((section) => section !== "");
}
