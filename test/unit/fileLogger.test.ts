// Diagnostics: written as they come, never a reason to fail, never a place for keys.
import { strict as assert } from "node:assert";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { FileLogger, LineLogger, MAX_LOG_BYTES } from "../../src/adapters/log/fileLogger";
import { tempFolder } from "../builders/tempFolder";
import { ManualClock } from "../fakes/manualClock";

describe("FileLogger", () => {
  const folder = tempFolder();
  const file = (): string => path.join(folder(), "logs", "countersign.log");
  const logged = (): string => readFileSync(file(), "utf8");

  it("writes a line a message, with time, level and data, before it returns", () => {
    const logger = new FileLogger(file(), new ManualClock());
    logger.info("took over", { pid: 7, file: "a b" });
    logger.warn("two\nlines");
    logger.debug("plain");
    assert.equal(
      logged(),
      '2026-01-05T09:00:00.000Z info  took over {"pid":7,"file":"a b"}\n' +
        "2026-01-05T09:00:00.000Z warn  two\\nlines\n2026-01-05T09:00:00.000Z debug plain\n",
    );
  });

  it("makes no file before the first line, and none at all without a name", () => {
    new FileLogger(null, new ManualClock()).warn("nobody hears this");
    new FileLogger(file(), new ManualClock());
    assert.equal(existsSync(file()), false);
  });

  it("starts a new file beyond its size and keeps the one before", () => {
    mkdirSync(path.dirname(file()));
    writeFileSync(file(), "x".repeat(MAX_LOG_BYTES + 1));
    const logger = new FileLogger(file(), new ManualClock());
    logger.info("one");
    logger.info("two");
    assert.equal(logged().split("\n").length, 3);
    assert.equal(statSync(`${file()}.1`).size, MAX_LOG_BYTES + 1);
  });

  it("goes silent where nothing can be written", () => {
    writeFileSync(path.join(folder(), "logs"), "a file");
    const logger = new FileLogger(file(), new ManualClock());
    logger.warn("one");
    logger.warn("two");
  });

  it("writes no key, by its name or by its look", () => {
    const logger = new FileLogger(file(), new ManualClock());
    logger.warn("got sk-ant-api03-AAAAAAAAbbbbbbbb back", {
      apiKey: "AAAAAAAA",
      headers: { Authorization: "Basic AAAAAAAA", "x-api-key": "AAAAAAAA", note: "Bearer AAAAAAAAbbbb" },
      env: { ANTHROPIC_AUTH_TOKEN: "AAAAAAAA", DB_PASSWORD: "AAAAAAAA" },
      error: new Error("key sk-ant-api03-AAAAAAAAbbbbbbbb was refused"),
    });
    assert.doesNotMatch(logged(), /AAAAAAAA/);
    assert.match(logged(), /was refused/);
  });

  it("prints what JSON cannot", () => {
    const lines: string[] = [];
    const logger = new LineLogger((line) => lines.push(line), new ManualClock());
    const circle: Record<string, unknown> = { big: 10n };
    logger.info("big", circle);
    circle["self"] = circle;
    logger.info("circle", circle);
    assert.match(lines[0] ?? "", /"big":"10"/);
    assert.match(lines[1] ?? "", /cannot be printed/);
  });
});
