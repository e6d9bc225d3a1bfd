// Recognises the lock files of Cargo, Go, Bundler and Composer. Reads only.
import { asObject, EVERYTHING, NEVER, type PackageFolder, type SetupPlan } from "./setupPlan";

type Found = Omit<SetupPlan, "folder">;
type Detector = (folder: PackageFolder) => Promise<Found | null>;

export const OTHER_DETECTORS: readonly Detector[] = [cargo, go, bundler, composer];

/** Fills the cache that all projects of the user share; done in a moment when nothing is missing there. */
async function cargo(folder: PackageFolder): Promise<Found | null> {
  if (!(await folder.has("Cargo.lock"))) return null;
  return {
    command: "cargo fetch --locked",
    source: "Cargo.lock",
    tool: "cargo",
    howToInstall: "It comes with Rust",
    keyParts: [],
    runtime: null,
    reuse: NEVER,
  };
}

async function go(folder: PackageFolder): Promise<Found | null> {
  // With a vendor folder everything is in the repository.
  if (!(await folder.has("go.sum")) || (await folder.has("vendor/modules.txt"))) return null;
  return {
    command: "go mod download",
    source: "go.sum",
    tool: "go",
    howToInstall: "It comes with Go",
    keyParts: [],
    runtime: null,
    reuse: NEVER,
  };
}

async function bundler(folder: PackageFolder): Promise<Found | null> {
  if (!(await folder.has("Gemfile.lock"))) return null;
  return {
    // The setting is written to .bundle/config, so that `bundle exec` in a check finds the gems without a variable.
    command: "bundle config set --local path vendor/bundle && bundle install",
    source: "Gemfile.lock",
    tool: "bundle",
    howToInstall: "`gem install bundler` installs it",
    keyParts: await folder.parts(["Gemfile.lock", "Gemfile", ".ruby-version", ".tool-versions"]),
    runtime: "ruby --version",
    reuse: EVERYTHING,
  };
}

async function composer(folder: PackageFolder): Promise<Found | null> {
  if (!(await folder.has("composer.lock"))) return null;
  const command = "composer install --no-interaction";
  const manifest = await folder.object("composer.json");
  const hasScripts = Object.keys(asObject(manifest?.["scripts"]) ?? {}).length > 0;
  return {
    command,
    source: "composer.lock",
    tool: "composer",
    howToInstall: "See getcomposer.org",
    keyParts: await folder.parts(["composer.lock", "composer.json"]),
    runtime: "php --version",
    reuse: hasScripts ? { kind: "named", names: ["vendor"], refresh: command } : EVERYTHING,
  };
}
