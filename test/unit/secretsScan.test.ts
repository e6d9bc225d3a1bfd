import { strict as assert } from "node:assert";
import fc from "fast-check";
import { Redactor, secretsOfEnvironment } from "../../src/core/secrets/redactor";
import { marksIn } from "../../src/core/secrets/marks";
import { findSecrets, redactText } from "../../src/core/secrets/scan";
import { HARMLESS, SECRETS } from "../builders/secretSamples";

describe("redactText", () => {
  for (const { kind, text, secret } of SECRETS) {
    it(`takes out a ${kind}: ${text.slice(0, 40).replaceAll("\n", " ")}…`, () => {
      const redacted = redactText(text);
      assert.deepEqual(redacted.found, [{ kind, count: 1 }], redacted.text);
      assert.equal(redacted.text, text.replace(secret, () => `[redacted: ${kind}]`));
    });
  }

  for (const text of HARMLESS) {
    it(`leaves alone: ${text.slice(0, 60).replaceAll("\n", " ")}`, () => assert.deepEqual(findSecrets(text), []));
  }

  it("finds what stands in JSON, behind escapes too, and leaves JSON behind", () => {
    for (const { kind, text } of SECRETS) {
      const value = { before: "a\nb", line: `x\n${text}\n"quoted"`, nested: JSON.stringify({ text: `\n${text}` }) };
      const redacted = redactText(JSON.stringify(value));
      const found = redacted.found.filter((one) => one.kind === kind).reduce((sum, { count }) => sum + count, 0);
      assert.equal(found, 2, `${kind}: ${redacted.text}`);
      const back = JSON.parse(redacted.text) as typeof value;
      assert.ok(marksIn(back.line).length === 1 && marksIn(JSON.stringify(JSON.parse(back.nested))).length === 1, redacted.text);
    }
  });

  it("counts each kind, and what overlaps once", () => {
    const token = `ghp_${"a1B2".repeat(9)}`;
    const redacted = redactText(`GITHUB_TOKEN=${token}\nother: ${token}\nAKIAIOSFODNN7EXAMPLE`);
    assert.deepEqual(redacted.found, [{ kind: "GitHub token", count: 2 }, { kind: "AWS access key id", count: 1 }]);
  });

  it("changes nothing that it has redacted before (property)", () => {
    const piece = fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom(...SECRETS.map(({ text }) => text), ...HARMLESS, "password=", "token: ", '"', "\n"));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const once = redactText(pieces.join("\n"));
        assert.deepEqual(redactText(once.text), { text: once.text, found: [] });
      }),
      { numRuns: 500 },
    );
  });

  it("goes over large and hostile texts in a time that grows with them", () => {
    const units = ["-----BEGIN PRIVATE KEY-----", "ghp_", "://a:", "password=", "eyJaaaaaaaaaaaa.", "a", "bearer ", "sk-ant-", "\n", "token: aB3", `token="${"_".repeat(200)}&" `];
    for (const unit of units) {
      const text = unit.repeat(Math.ceil(1_000_000 / unit.length));
      const started = process.cpuUsage().user;
      findSecrets(text);
      // A square of it would be days; this only tells the two apart.
      assert.ok(process.cpuUsage().user - started < 20_000_000, unit);
    }
  });
});

describe("Redactor", () => {
  const key = 'custom-"key"-0123456789';

  it("knows the keys that are configured, in every form they are written in", () => {
    const redactor = new Redactor([key]);
    const text = `${key} ${JSON.stringify({ key })} ${encodeURIComponent(key)} ${Buffer.from(key).toString("base64")}`;
    const clean = redactor.text(text);
    assert.equal(marksIn(clean.text).length, 1);
    assert.ok(!clean.text.includes("0123456789") && !clean.text.includes(Buffer.from(key).toString("base64").slice(0, 16)), clean.text);
    redactor.learn("short");
    assert.equal(redactor.text("short").text, "short");
  });

  it("goes into data, and leaves what holds nothing the same object", () => {
    const redactor = new Redactor([key]);
    const value = { a: [1, "plain", { b: null }], c: true };
    assert.equal(redactor.deep(value).value, value);
    const { value: clean, found } = redactor.deep({ a: [`x ${key}`, value], n: 3 });
    assert.deepEqual(clean, { a: ["x [redacted: configured key]", value], n: 3 });
    assert.equal(clean.a[1], value);
    assert.deepEqual(found, [{ kind: "configured key", count: 1 }]);
  });

  it("takes from the environment what is called a key and looks like one", () => {
    const environment = { ANTHROPIC_API_KEY: "abcdef-123456", PATH: "/usr/bin:/bin-12345", SSH_ASKPASS: "/usr/lib/ask-pass-1", CSRF_TOKEN: "none", X_SECRET: "a b c d e f g 1", NPM_TOKEN: undefined };
    assert.deepEqual(secretsOfEnvironment(environment), ["abcdef-123456"]);
  });
});

describe("StreamRedactor", () => {
  const key = "line one of it\nline-two-9876";

  it("finds what pieces share, wherever they are cut, and passes on the same text (property)", () => {
    const piece = fc.oneof(fc.string({ maxLength: 30 }), fc.constantFrom(...SECRETS.map(({ text }) => text), key, "\n", " ", "progress ....", "-----BEGIN ", "password = "));
    const cuts = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), cuts, (pieces, sizes) => {
        const text = pieces.join("\n");
        const redactor = new Redactor([key]);
        const stream = redactor.stream();
        let shown = "";
        for (let at = 0, turn = 0; at < text.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          shown += stream.push(text.slice(at, at + size));
          at += size;
        }
        shown += stream.end();
        assert.equal(shown, redactor.text(text).text);
      }),
      { numRuns: 600 },
    );
  });

  it("passes on at once what cannot be part of a secret", () => {
    const stream = new Redactor().stream();
    assert.equal(stream.push("running 12 tests\nok 1 - adds "), "running 12 tests\nok 1 - adds ");
    assert.equal(stream.push("num"), "");
    assert.equal(stream.push("bers "), "numbers ");
    assert.equal(stream.end(), "");
  });

  it("holds no more than a bound", () => {
    const stream = new Redactor().stream();
    let shown = 0;
    for (let turn = 0; turn < 40; turn += 1) shown += stream.push("A".repeat(65_536)).length;
    assert.ok(40 * 65_536 - shown <= 128 * 1024, String(shown));
    assert.equal(shown + stream.end().length, 40 * 65_536);
  });
});
