// Where people keep keys, tokens and sessions: no command of an agent ever sees what is there. A list; the disk is
// not asked.
import path from "node:path";

/** Below the home folder: files and folders of every platform; what is not there does no harm. */
const IN_HOME = [
  ".ssh",
  ".gnupg",
  ".aws",
  ".azure",
  ".kube",
  ".docker",
  ".oci",
  ".netrc",
  "_netrc",
  ".npmrc",
  ".yarnrc.yml",
  ".pypirc",
  ".git-credentials",
  ".pgpass",
  ".my.cnf",
  ".vault-token",
  ".terraform.d/credentials.tfrc.json",
  ".cargo/credentials",
  ".cargo/credentials.toml",
  ".gem/credentials",
  ".bundle/config",
  ".nuget/NuGet",
  ".m2/settings.xml",
  ".m2/settings-security.xml",
  ".gradle/gradle.properties",
  ".composer/auth.json",
  ".password-store",
  ".local/share/keyrings",
  ".local/share/kwalletd",
  ".pki",
  ".bash_history",
  ".zsh_history",
  ".local/share/fish/fish_history",
  ".python_history",
  ".node_repl_history",
  // Agents of others, with their keys and conversations.
  ".anthropic",
  ".claude",
  ".claude.json",
  ".codex",
  ".gemini",
  // Browsers.
  ".mozilla",
  ".var/app",
  "snap/firefox",
  "snap/chromium",
  ".thunderbird",
  "Library/Application Support/Google/Chrome",
  "Library/Application Support/Chromium",
  "Library/Application Support/BraveSoftware",
  "Library/Application Support/Microsoft Edge",
  "Library/Application Support/Firefox",
  "Library/Safari",
  "Library/Cookies",
  "Library/Keychains",
  // VS Code and its kin: settings, key stores, what extensions remember.
  ".vscode-server/data",
  ".vscode-server-insiders/data",
  ".cursor-server/data",
  "Library/Application Support/Code",
  "Library/Application Support/Code - Insiders",
  "Library/Application Support/VSCodium",
  "Library/Application Support/Cursor",
  "Library/Application Support/gh",
];

/** Below the folder for settings, `~/.config` by default. */
const IN_CONFIG = [
  "gh",
  "glab-cli",
  "hub",
  "gcloud",
  "doctl",
  "op",
  "1Password",
  "rclone",
  "git/credentials",
  "pip/pip.conf",
  "containers/auth.json",
  "configstore",
  "composer/auth.json",
  "pypoetry/auth.toml",
  "NuGet",
  "google-chrome",
  "google-chrome-beta",
  "chromium",
  "BraveSoftware",
  "microsoft-edge",
  "vivaldi",
  "opera",
  "Code",
  "Code - Insiders",
  "Code - OSS",
  "VSCodium",
  "Cursor",
  "code-server",
  "countersign",
  "github-copilot",
];

type Environment = Readonly<Record<string, string | undefined>>;

/** Absolute paths, most of which do not exist. */
export function secretPlaces(home: string, environment: Environment): readonly string[] {
  const homeConfig = path.join(home, ".config");
  const chosen = environment["XDG_CONFIG_HOME"];
  const configs = chosen !== undefined && path.isAbsolute(chosen) && chosen !== homeConfig ? [homeConfig, chosen] : [homeConfig];
  return [
    ...IN_HOME.map((name) => path.join(home, name)),
    ...configs.flatMap((config) => IN_CONFIG.map((name) => path.join(config, name))),
  ];
}
