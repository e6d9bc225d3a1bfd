// The environment a command gets: an allowlist, so that no key, token, agent socket or editor setting of the host
// reaches what a model runs. Pure.

export type Environment = Readonly<Record<string, string | undefined>>;

/** Names every command may see, in upper case: who and where the user is, and where tool chains live. */
const ALWAYS = new Set(
  (
    "PATH HOME USER LOGNAME SHELL LANG LANGUAGE TZ TMPDIR TEMP TMP " +
    "SYSTEMROOT SYSTEMDRIVE WINDIR COMSPEC PATHEXT USERPROFILE USERNAME HOMEDRIVE HOMEPATH APPDATA LOCALAPPDATA " +
    "PROGRAMDATA PROGRAMFILES PROGRAMFILES(X86) PROGRAMW6432 COMMONPROGRAMFILES NUMBER_OF_PROCESSORS " +
    "XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME " +
    "NVM_DIR NVM_BIN FNM_DIR FNM_MULTISHELL_PATH N_PREFIX VOLTA_HOME ASDF_DIR ASDF_DATA_DIR MISE_DATA_DIR " +
    "PNPM_HOME BUN_INSTALL DENO_DIR PYENV_ROOT PYENV_VERSION CONDA_PREFIX RBENV_ROOT GEM_HOME GEM_PATH " +
    "RUSTUP_HOME RUSTUP_TOOLCHAIN CARGO_HOME GOROOT GOPATH GOCACHE GOMODCACHE GOTOOLCHAIN " +
    "JAVA_HOME JDK_HOME MAVEN_HOME M2_HOME GRADLE_HOME GRADLE_USER_HOME SDKMAN_DIR ANDROID_HOME ANDROID_SDK_ROOT " +
    "DOTNET_ROOT"
  ).split(" "),
);

/** Names that set-up may see besides: how to reach a package registry. */
const SETUP = new Set(
  (
    "HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY NODE_EXTRA_CA_CERTS SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE " +
    "CURL_CA_BUNDLE NIX_SSL_CERT_FILE GOPROXY GOFLAGS GOPRIVATE GONOPROXY GOSUMDB GONOSUMDB GONOSUMCHECK GOINSECURE"
  ).split(" "),
);
const SETUP_PREFIXES = ["NPM_CONFIG_", "PIP_", "UV_", "CARGO_", "YARN_", "PNPM_", "POETRY_", "COREPACK_"];

/** Refused whatever list a name is on. Secrets go by these names in every package manager's settings. */
const SECRET = /(?:key|token|secrets?|passw(?:or)?d|pass|_auth|credentials?|otp)$/i;
const NEVER = /^(?:GIT_|VSCODE_|ELECTRON_|ANTHROPIC_|SSH_|NODE_OPTIONS$)/i;
/** npm hands these to its scripts; they describe the package whose script started us and not the one being set up. */
const OF_OUR_OWN_START = /^npm_config_(?:local_prefix|user_agent|npm_version|node_gyp|globalconfig|init_module)$/i;

/**
 * The environment for a command. `NO_COLOR` and `TERM=dumb` keep escapes out of what models read. `CI` is left unset
 * although it would silence prompts and watchers: standard input is closed and there is no terminal anyway, while `CI`
 * makes test runners behave unlike they do for the user (no new snapshots, warnings as errors, frozen lock files).
 */
export function commandEnvironment(host: Environment, purpose: "agent" | "check" | "setup"): Record<string, string> {
  const chosen: Record<string, string> = {};
  for (const [name, value] of Object.entries(host)) {
    if (value !== undefined && mayPass(name, purpose === "setup")) chosen[name] = value;
  }
  // husky's install script would write core.hooksPath to the git configuration that worktrees share with the user.
  const quiet = purpose === "setup" ? { HUSKY: "0" } : {};
  return { ...chosen, ...quiet, TERM: "dumb", NO_COLOR: "1" };
}

function mayPass(name: string, isSetup: boolean): boolean {
  if (NEVER.test(name) || SECRET.test(name)) return false;
  const upper = name.toUpperCase();
  if (ALWAYS.has(upper) || upper.startsWith("LC_")) return true;
  if (!isSetup || OF_OUR_OWN_START.test(name)) return false;
  return SETUP.has(upper) || SETUP_PREFIXES.some((prefix) => upper.startsWith(prefix));
}
