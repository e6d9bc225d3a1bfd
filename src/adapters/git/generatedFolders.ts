// Folders that tools fill and nobody edits, as lines of a git exclude file. They stay out of a shadow repository's
// snapshots and out of attempts, where no ignore file names them. What is tracked is never affected. Data only.

/** `dist`, `build`, `out` and `target` are not here: without a repository they may well be the work itself. */
const GENERATED = [
  "node_modules/",
  ".pnpm-store/",
  ".yarn/cache/",
  ".yarn/unplugged/",
  ".yarn/install-state.gz",
  ".venv/",
  "venv/",
  "__pycache__/",
  "*.py[co]",
  "*.egg-info/",
  ".mypy_cache/",
  ".pytest_cache/",
  ".ruff_cache/",
  ".tox/",
  ".nox/",
  ".bundle/",
  "vendor/bundle/",
  ".gradle/",
  ".terraform/",
  ".next/",
  ".nuxt/",
  ".svelte-kit/",
  ".parcel-cache/",
  ".turbo/",
  ".DS_Store",
  "Thumbs.db",
];

/** A folder without git has no ignore file that keeps secrets from a model; the usual name is kept out here. */
const SECRETS = [".env", ".env.*", "!.env.example", "!.env.sample", "!.env.template"];

export const GENERATED_PATTERNS: readonly string[] = GENERATED;
export const SHADOW_PATTERNS: readonly string[] = [...GENERATED, ...SECRETS];
