// What keys and tokens look like: one row a format. Pure data and small tests; finding them is scan.ts.
import { isLikelySecret, isPassword } from "./likeliness";

export interface SecretFormat {
  /** What a mark says it was, e.g. `GitHub token`. */
  readonly kind: string;
  /** One of these is in every text that holds such a secret: what makes the search cheap. */
  readonly needles: readonly string[] | RegExp;
  /**
   * Global. With two groups, the first is what stands before the secret and the second the secret; else all of it. No
   * match may hold a quote, and none may end in a backslash: what is redacted can be text inside of JSON.
   */
  readonly pattern: RegExp;
  /** Whether it may begin in the middle of a word. */
  readonly anywhere?: true;
  readonly accepts?: (secret: string, match: string) => boolean;
}

const PEM_BODY = String.raw`(?:[A-Za-z0-9+/=\s:,.]|\\+[nrt]|-(?!-)){0,16384}`;
const PEM_NAME = "[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----";
/** A quote that may itself be escaped, as in JSON inside of JSON. */
const QUOTE = String.raw`(?:\\{0,3}["'\x60])?`;
/** On one line: what streams by is looked at line by line. */
const ASSIGNED = String.raw`[ \t]{0,4}(?::=|=>|=|:)[ \t]{0,4}`;
const NAMES =
  "passw(?:or)?d|passwd|passphrase|pwd|secret|token|api[-_]?key|apikey|access[-_]?key|private[-_]?key|account[-_]?key|auth[-_]?key|encryption[-_]?key|signing[-_]?key|credentials?";
const NAME_END = String.raw`(?:[-_]?(?:key|value|base|prod|production|live|test|dev|staging|\d{1,2}))?`;
const VALUE = String.raw`[A-Za-z0-9_\-+/=.!@#$%^&*~?:]`;

const NAME_HINT = /passw|passphrase|pwd|secret|token|key|credential/i;

export const FORMATS: readonly SecretFormat[] = [
  { kind: "Anthropic key", needles: ["sk-ant-"], pattern: /sk-ant-[\w-]{20,300}/g },
  { kind: "OpenAI key", needles: ["sk-"], pattern: /sk-(?:(?:proj|svcacct|admin)-[\w-]{40,300}|[A-Za-z0-9]{20,40}T3BlbkFJ[A-Za-z0-9]{20,40}|[A-Za-z0-9]{48}(?![A-Za-z0-9]))/g },
  { kind: "AWS access key id", needles: ["AKIA", "ASIA"], pattern: /(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9])/g },
  {
    kind: "AWS secret key",
    needles: /secret_?access_?key|aws_?secret/i,
    pattern: new RegExp(String.raw`((?:aws_?secret_?(?:access_?)?key|secret_?access_?key)${QUOTE}${ASSIGNED}${QUOTE})([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])`, "gi"),
    anywhere: true,
  },
  { kind: "GitHub token", needles: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"], pattern: /(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_\w{50,255})/g },
  { kind: "GitLab token", needles: ["glpat-", "gldt-", "glrt-", "glptt-", "glcbt-"], pattern: /gl(?:pat|dt|rt|ptt|cbt)-[\w-]{20,300}/g },
  { kind: "Slack token", needles: ["xox", "xapp-"], pattern: /(?:xox[abeoprs]-[A-Za-z0-9-]{10,300}|xapp-\d-[A-Za-z0-9-]{20,300})/g },
  { kind: "Slack webhook", needles: ["hooks.slack.com/"], pattern: /(hooks\.slack\.com\/(?:services|workflows|triggers)\/)([A-Za-z0-9/]{20,200})/g, anywhere: true },
  { kind: "Google key", needles: ["AIza", "GOCSPX-", "ya29."], pattern: /(?:AIza[\w-]{35}(?![\w-])|GOCSPX-[\w-]{28}(?![\w-])|ya29\.[\w-]{20,500})/g },
  { kind: "Stripe key", needles: ["k_live_", "k_test_", "whsec_"], pattern: /(?:[rs]k_(?:live|test)_[A-Za-z0-9]{16,250}|whsec_[A-Za-z0-9]{24,100})/g },
  { kind: "npm token", needles: ["npm_"], pattern: /npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])/g },
  { kind: "PyPI token", needles: ["pypi-"], pattern: /pypi-[\w-]{60,400}/g },
  { kind: "Hugging Face token", needles: ["hf_"], pattern: /hf_[A-Za-z0-9]{34,60}(?![A-Za-z0-9])/g },
  { kind: "SendGrid key", needles: ["SG."], pattern: /SG\.[\w-]{22}\.[\w-]{43}(?![\w-])/g },
  { kind: "DigitalOcean token", needles: ["do_v1_", "dop_v1_", "dor_v1_"], pattern: /do[opr]_v1_[a-f0-9]{64}/g },
  { kind: "Vault token", needles: ["hvs.", "hvb."], pattern: /hv[sb]\.[\w-]{24,300}/g },
  { kind: "age key", needles: ["AGE-SECRET-KEY-1"], pattern: /AGE-SECRET-KEY-1[0-9A-Z]{58}/g },
  { kind: "JSON web token", needles: ["eyJ"], pattern: /eyJ[\w-]{10,4000}\.eyJ[\w-]{10,8000}\.[\w-]{10,2000}/g },
  {
    kind: "private key",
    needles: ["PRIVATE KEY"],
    pattern: new RegExp(`-----BEGIN ${PEM_NAME}${PEM_BODY}(?:-----END ${PEM_NAME})?`, "g"),
    anywhere: true,
    accepts: (secret) => /[A-Za-z0-9+/=]{40}/.test(secret),
  },
  {
    kind: "Azure key",
    needles: ["AccountKey=", "SharedAccessKey=", "sig="],
    pattern: /((?:AccountKey|SharedAccessKey)=|[?&]sig=)([A-Za-z0-9+/]{43,88}={0,2}|[A-Za-z0-9%]{43,120}%3D)/g,
    anywhere: true,
  },
  {
    kind: "password in an address",
    needles: ["://"],
    pattern: /(:\/\/[^\s:@/"'`<>\\?#]{0,100}:)([^\s@/"'`<>\\]{3,200})(?=@[A-Za-z0-9[])/g,
    anywhere: true,
    accepts: (secret, match) => isPassword(secret) && !match.startsWith(`://${secret}:`),
  },
  {
    kind: "bearer token",
    needles: /bearer[ \t]/i,
    pattern: /(bearer[ \t]{1,4})([A-Za-z0-9._~+/=-]{20,2000})/gi,
    accepts: (secret) => isLikelySecret(secret, true),
  },
  {
    kind: "password or token",
    needles: NAME_HINT,
    pattern: new RegExp(String.raw`((?:${NAMES})${NAME_END}${QUOTE}${ASSIGNED}${QUOTE})(${VALUE}{8,300})`, "gi"),
    anywhere: true,
    accepts: (secret, match) => isLikelySecret(secret, /["'`]$/.test(match.slice(0, match.length - secret.length))),
  },
];

/** Kinds of what is not known by its format. */
export const CONFIGURED_KIND = "configured key";

export const KINDS: readonly string[] = [...FORMATS.map(({ kind }) => kind), CONFIGURED_KIND];
