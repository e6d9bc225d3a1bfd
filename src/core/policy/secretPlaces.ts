// Files that hold keys and tokens. Reading one is asked about, however harmless the program is that reads.

const FOLDERS = new Set(".ssh .aws .azure .gnupg .kube .docker .password-store .oci .terraform.d keyrings gh gcloud".split(" "));
/** These only count below `.config` or `share`. */
const BELOW_CONFIG = new Set(["gh", "gcloud", "keyrings"]);
const FILES = new Set(
  (
    ".netrc _netrc .npmrc .yarnrc.yml .pypirc .git-credentials .pgpass .my.cnf .s3cfg .boto .vault-token .htpasswd .dockercfg .envrc .bash_history .zsh_history " +
    "credentials.json"
  ).split(" "),
);
const NAMES = [/^\.env(?:\..+)?$/, /^id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?$/, /\.(?:p12|pfx|jks|keystore|kdbx|ppk)$/, /^.+\.pem$/];
const EXAMPLES = /^\.env\.(?:example|sample|template|dist|defaults?)$/;

/** The part of a path, or of something like `HEAD:.env` and `--file=.env`, that names a place of secrets; or null. */
export function secretIn(text: string): string | null {
  const parts = text.split(/[/\\:=]/);
  return parts.find((part, at) => isSecret(part.toLowerCase(), (parts[at - 1] ?? "").toLowerCase())) ?? null;
}

function isSecret(part: string, parent: string): boolean {
  if (FOLDERS.has(part)) return !BELOW_CONFIG.has(part) || parent === ".config" || parent === "share";
  if (part === "shadow" || part === "gshadow" || part === "sudoers") return parent === "etc";
  if (part === "environ") return /^\d+$|^self$/.test(parent);
  return FILES.has(part) || (NAMES.some((name) => name.test(part)) && !EXAMPLES.test(part));
}
