// Made-up keys in the formats of many services, and harmless texts that look a little like them. The keys are put
// together here so that no file of ours holds one.

export interface SecretSample {
  readonly kind: string;
  readonly text: string;
  /** The part that must go. */
  readonly secret: string;
}

const MIXED = "aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xYzAcEgIkMoQsUwY1357";
const some = (length: number): string => MIXED.repeat(Math.ceil(length / MIXED.length)).slice(0, length);
const hex = (length: number): string => "3f786850e387550fdab836ed7e6dc881de23001b".repeat(4).slice(0, length);
const PEM = ["-----BEGIN RSA PRIVATE KEY-----", some(64), some(64), `${some(30)}==`, "-----END RSA PRIVATE KEY-----"].join("\n");
const SSH = ["-----BEGIN OPENSSH PRIVATE KEY-----", some(70), some(70), "-----END OPENSSH PRIVATE KEY-----"].join("\n");
const JWT = ["eyJ", some(20), ".eyJ", some(40), ".", some(43)].join("");

const whole = (kind: string, secret: string, before = "", after = ""): SecretSample => ({ kind, text: before + secret + after, secret });

export const SECRETS: readonly SecretSample[] = [
  whole("Anthropic key", `sk-ant-api03-${some(80)}`, "key "),
  whole("OpenAI key", `sk-proj-${some(60)}`, "use ", " here"),
  whole("OpenAI key", `sk-${some(48)}`, "'", "'"),
  whole("AWS access key id", "AKIA" + "IOSFODNN7EXAMPLE", "id="),
  whole("AWS secret key", some(38) + "/+", "aws_secret_access_key = "),
  whole("AWS secret key", some(39) + "/", "SecretAccessKey: "),
  whole("GitHub token", `ghp_${some(36)}`, "https://"),
  whole("GitHub token", `github_pat_${some(22)}_${some(59)}`),
  whole("GitHub token", `gho_${some(36)}`, "GITHUB_TOKEN="),
  whole("GitLab token", `glpat-${some(20)}`, "(", ")"),
  whole("Slack token", `xoxb-${"123456789012"}-${some(24)}`),
  whole("Slack webhook", `T0123ABCD/B0123ABCD/${some(24)}`, "https://hooks.slack.com/services/"),
  whole("Google key", `AIza${some(35)}`, "?key=", "&x=1"),
  whole("Google key", `GOCSPX-${some(28)}`),
  whole("Stripe key", `sk_live_${some(24)}`),
  whole("npm token", `npm_${some(36)}`, "//registry.example/:_authToken="),
  whole("PyPI token", `pypi-${some(90)}`),
  whole("Hugging Face token", `hf_${some(34)}`),
  whole("SendGrid key", `SG.${some(22)}.${some(43)}`),
  whole("DigitalOcean token", `dop_v1_${hex(64)}`),
  whole("Vault token", `hvs.${some(30)}`),
  whole("JSON web token", JWT, "Cookie: s="),
  whole("private key", PEM, "key:\n", "\nrest"),
  whole("private key", SSH),
  whole("private key", PEM.slice(0, 150), "cut off here: "),
  whole("Azure key", `${some(86)}==`, "DefaultEndpointsProtocol=https;AccountName=x;AccountKey=", ";EndpointSuffix=core"),
  whole("password in an address", "s3cr3t!pw", "postgres://app:", "@db.internal:5432/app"),
  whole("password in an address", "hunter2", "redis://:", "@localhost:6379"),
  whole("bearer token", some(40), "Authorization: Bearer "),
  whole("password or token", "Tr0ub4dor&3x", 'password = "', '"'),
  whole("password or token", some(24), "api_key: '", "'"),
  whole("password or token", hex(40), "CLIENT_SECRET="),
  whole("password or token", `${some(12)}!${some(12)}`, "DB_PASSWORD="),
];

/** What must stay as it is: hashes, ids, code, samples, lock files, pictures. */
export const HARMLESS: readonly string[] = [
  hex(40),
  `commit ${hex(40)} (HEAD -> main)`,
  `sha256:${hex(64)}`,
  "550e8400-e29b-41d4-a716-446655440000",
  '"token": "550e8400-e29b-41d4-a716-446655440000"',
  `"integrity": "sha512-${some(86)}=="`,
  `resolved "https://packages.example/a/-/a-1.0.0.tgz#${hex(40)}"`,
  `data:image/png;base64,iVBORw0KGgo${some(400)}==`,
  `src="data:font/woff2;base64,${some(600)}"`,
  "const token = crypto.randomBytes(32).toString('hex');",
  "password = hashPassword(user.input, salt2);",
  "token: process.env.GITHUB_TOKEN,",
  "password: ${DB_PASSWORD_1}",
  'apiKey: "your-api-key-here-123"',
  "api_key=<YOUR_KEY_123456789>",
  "password: string;",
  "secret: z.string().check(z.minLength(32))",
  "the token: it expires after 30 days",
  "tokens: 123456, tokenCount: 98765432101234",
  "tokenHash: " + hex(64),
  "passwordField: 'user_password_1234_field'",
  "next_token_type = TokenType.CLOSE_BRACKET_2",
  "postgres://localhost:5432/app",
  "postgres://user:password@localhost/app",
  "postgres://postgres:postgres@localhost/app",
  "https://user:${PASSWORD}@host/x",
  "git@github.example:owner/repo.git",
  "http://example.test:8080/a@b",
  "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----",
  'if (text.startsWith("-----BEGIN PRIVATE KEY-----")) return;',
  "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
  "sk-learn and sk-short",
  "ghp_short",
  "eyJhbGciOi.notjson.x",
  "AKIA is a prefix; AKIALOWERcase is not one",
  "secretary: Jane Doe, keyboard: QWERTY123456789",
  "key: value, keys: [a, b]",
  "monkey=banana12345678XYZ",
  "export const SECRET_NAME = /(?:key|token)$/i;",
  "password: '********'",
  "Bearer tokens are opaque-strings-of-words",
  "[redacted: GitHub token] and [redacted: password or token]",
];
