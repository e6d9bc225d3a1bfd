import { strict as assert } from "node:assert";
import { argvOf } from "../../src/adapters/process/commandArgv";
import { commandEnvironment } from "../../src/adapters/process/environment";
import { EscapeStripper } from "../../src/adapters/process/terminalEscapes";
import { WholeCharacters } from "../../src/adapters/process/wholeCharacters";
import { ANY_CHARACTER } from "../builders/anyCharacter";
import fc from "fast-check";

describe("commandEnvironment", () => {
  const host = Object.fromEntries(
    (
      "PATH HOME USER LOGNAME SHELL LANG LC_ALL LC_TIME TZ TMPDIR TEMP TMP SystemRoot ComSpec PATHEXT USERPROFILE APPDATA " +
      "LOCALAPPDATA ProgramFiles ProgramFiles(x86) NVM_DIR VOLTA_HOME ASDF_DIR PYENV_ROOT RUSTUP_HOME CARGO_HOME JAVA_HOME GOPATH " +
      "http_proxy HTTPS_PROXY NO_PROXY npm_config_registry npm_config_cache PIP_INDEX_URL UV_INDEX_URL CARGO_NET_OFFLINE GOPROXY " +
      "GOFLAGS NODE_EXTRA_CA_CERTS SSL_CERT_FILE SSL_CERT_DIR " +
      "ANTHROPIC_API_KEY ANTHROPIC_BASE_URL OPENAI_API_KEY AWS_SECRET_ACCESS_KEY GITHUB_TOKEN MY_SECRET SSH_AUTH_SOCK GIT_DIR GIT_ASKPASS " +
      "VSCODE_PID ELECTRON_RUN_AS_NODE NODE_OPTIONS CI TERM FORCE_COLOR VIRTUAL_ENV LD_PRELOAD INIT_CWD PWD BASH_ENV ENV PS4 PYTHONPATH " +
      "npm_config__authToken npm_config_//registry.example/:_authToken npm_config__auth npm_config__password UV_PUBLISH_TOKEN " +
      "UV_INDEX_PRIVATE_PASSWORD CARGO_REGISTRY_TOKEN PIP_TOKEN npm_config_local_prefix npm_config_user_agent npm_lifecycle_event LC_SECRET"
    )
      .split(" ")
      .map((name) => [name, `value of ${name}`]),
  );
  const always =
    "PATH HOME USER LOGNAME SHELL LANG LC_ALL LC_TIME TZ TMPDIR TEMP TMP SystemRoot ComSpec PATHEXT USERPROFILE APPDATA LOCALAPPDATA " +
    "ProgramFiles ProgramFiles(x86) NVM_DIR VOLTA_HOME ASDF_DIR PYENV_ROOT RUSTUP_HOME CARGO_HOME JAVA_HOME GOPATH TERM NO_COLOR";
  const setup =
    "http_proxy HTTPS_PROXY NO_PROXY npm_config_registry npm_config_cache PIP_INDEX_URL UV_INDEX_URL CARGO_NET_OFFLINE GOPROXY GOFLAGS " +
    "NODE_EXTRA_CA_CERTS SSL_CERT_FILE SSL_CERT_DIR HUSKY";

  for (const purpose of ["agent", "check"] as const) {
    it(`gives a command of purpose ${purpose} what it needs and no more`, () => {
      assert.deepEqual(Object.keys(commandEnvironment(host, purpose)).toSorted(), always.split(" ").toSorted());
    });
  }

  it("adds package managers' settings for set-up, without their secrets", () => {
    assert.deepEqual(
      Object.keys(commandEnvironment(host, "setup")).toSorted(),
      `${always} ${setup}`.split(" ").toSorted(),
    );
  });

  it("passes values on as they are, but for the terminal", () => {
    const environment = commandEnvironment(host, "setup");
    assert.equal(environment["PATH"], "value of PATH");
    assert.equal(environment["ProgramFiles(x86)"], "value of ProgramFiles(x86)");
    assert.deepEqual([environment["TERM"], environment["NO_COLOR"]], ["dumb", "1"]);
    assert.deepEqual(commandEnvironment({ HOME: undefined }, "agent"), { TERM: "dumb", NO_COLOR: "1" });
    assert.equal(commandEnvironment({ HUSKY: "1" }, "setup")["HUSKY"], "0");
  });
});

describe("argvOf", () => {
  it("starts plain words as they are and leaves the rest to the shell", () => {
    assert.deepEqual(argvOf("npm run 'a b'", "linux", {}), { file: "npm", args: ["run", "a b"], shell: false });
    assert.deepEqual(argvOf("a && b", "linux", {}), {
      file: "/bin/sh",
      args: ["-c", "exec 2>&1; a && b"],
      shell: true,
    });
  });

  it("gives everything to cmd on Windows", () => {
    assert.deepEqual(argvOf("npm test", "win32", { ComSpec: "C:\\cmd.exe" }), {
      file: "C:\\cmd.exe",
      args: ["/d", "/s", "/c", '"npm test"'],
      shell: true,
    });
  });
});

describe("EscapeStripper", () => {
  it("does not care how the text is cut into pieces (property)", () => {
    const piece = fc.constantFrom(
      "a",
      "字",
      "\n",
      "\r\n",
      "\u001b[1;31m",
      "\u001b[0K",
      "\u001b]0;title\u0007",
      "\u001b]8;;u\u001b\\",
      "\u001bP1q\u001b\\",
      "\u001b(B",
      "\u001b7",
      "\u009b2J",
      "\u0007",
      "\b",
      "\u001b",
      "[",
      "\t",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.integer({ min: 1, max: 5 }), (parts, size) => {
        const text = parts.join("");
        const whole = new EscapeStripper();
        const expected = whole.push(text) + whole.end();
        const stripper = new EscapeStripper();
        let stripped = "";
        for (let at = 0; at < text.length; at += size) stripped += stripper.push(text.slice(at, at + size));
        stripped += stripper.end();
        assert.equal(stripped, expected);
        // oxlint-disable-next-line no-control-regex -- none may be left
        assert.ok(!/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/.test(stripped));
      }),
      { numRuns: 3000 },
    );
  });

  it("does not wait for ever for the end of a sequence", () => {
    const stripper = new EscapeStripper();
    assert.equal(stripper.push("\u001b]0;never ends"), "");
    assert.ok(stripper.push("x".repeat(5000)).length > 0);
  });
});

describe("WholeCharacters", () => {
  it("puts pieces together again, whole characters at a time (property)", () => {
    const bytes = fc.oneof(
      fc.string({ unit: ANY_CHARACTER }).map((text) => Buffer.from(text)),
      fc.uint8Array().map((array) => Buffer.from(array)),
    );
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1, max: 4 }), (whole, size) => {
        const characters = new WholeCharacters();
        const out: Buffer[] = [];
        for (let at = 0; at < whole.length; at += size)
          out.push(Buffer.from(characters.push(whole.subarray(at, at + size))));
        out.push(characters.end());
        assert.deepEqual(Buffer.concat(out), whole);
        assert.equal(out.map((part) => part.toString("utf8")).join(""), whole.toString("utf8"));
      }),
      { numRuns: 3000 },
    );
  });
});
