import { strict as assert } from "node:assert";
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ApprovalsFile } from "../../src/adapters/store/approvalsFile";
import { configDir } from "../../src/adapters/store/configDir";
import { readPolicyFile } from "../../src/adapters/store/policyFile";
import { CountersignError } from "../../src/core/domain/errors";
import type { TaskId } from "../../src/core/domain/task";
import type { KeptApproval } from "../../src/core/ports/commandApproval";
import { tempFolder } from "../builders/tempFolder";
import { RecordingLogger } from "../fakes/recordingLogger";

const APPROVALS: readonly KeptApproval[] = [
  { kind: "line", command: "make \"a\nb\"", task: null },
  { kind: "entry", entry: "npm test *", task: "greet-0001" as TaskId },
  { kind: "setUp", command: "npm ci", dependsOn: "5f2c" },
];

describe("ApprovalsFile", () => {
  const folder = tempFolder();
  let [config, workspace] = ["", ""];
  const logger = new RecordingLogger();
  const open = (root = workspace): Promise<ApprovalsFile> => ApprovalsFile.of(config, root, logger);
  const fileIn = (): string => path.join(config, "approvals", readdirSync(path.join(config, "approvals"))[0] ?? "");
  beforeEach(() => {
    const base = folder();
    [config, workspace] = [path.join(base, "config"), path.join(base, "workspace")];
    mkdirSync(workspace);
  });

  it("keeps what was allowed for whoever opens the same folder, by whatever name", async () => {
    const store = await open();
    assert.deepEqual(await store.all(), []);
    await Promise.all(APPROVALS.map((approval) => store.keep(approval)));
    const link = `${workspace}-link`;
    symlinkSync(workspace, link);
    assert.deepEqual(await (await open(link)).all(), APPROVALS);
    await store.forget(APPROVALS[1] ?? { kind: "line", command: "", task: null });
    assert.deepEqual(await (await open()).all(), [APPROVALS[0], APPROVALS[2]]);
    assert.equal(statSync(fileIn()).mode & 0o077, 0, "nobody else reads or writes it");
  });

  it("allows nothing of another folder, of a damaged file, or of one that names another workspace", async () => {
    const store = await open();
    await store.keep({ kind: "line", command: "make", task: null });
    const other = path.join(path.dirname(workspace), "other");
    mkdirSync(other);
    assert.deepEqual(await (await open(other)).all(), []);
    const file = fileIn();
    const text = readFileSync(file, "utf8");
    for (const damaged of ["{", "[]", text.replace('"version": 1', '"version": 2'), text.replace(path.basename(workspace), "elsewhere"), text.replace('"line"', '"all"')]) {
      writeFileSync(file, damaged);
      assert.deepEqual(await store.all(), [], damaged);
    }
  });
});

describe("configDir", () => {
  it("is the person's folder of the system, and ignores a relative XDG folder", () => {
    assert.equal(configDir({}, "linux", "/home/ada"), "/home/ada/.config/countersign");
    assert.equal(configDir({ XDG_CONFIG_HOME: "/etc/ada" }, "linux", "/home/ada"), "/etc/ada/countersign");
    assert.equal(configDir({ XDG_CONFIG_HOME: "config" }, "linux", "/home/ada"), "/home/ada/.config/countersign");
    assert.equal(configDir({}, "darwin", "/Users/ada"), "/Users/ada/Library/Application Support/countersign");
  });
});

describe("readPolicyFile", () => {
  const folder = tempFolder();

  it("is empty where there is none, and an error where it cannot be meant", async () => {
    const dir = folder();
    assert.deepEqual(await readPolicyFile(dir), { allow: [], deny: [] });
    writeFileSync(path.join(dir, "policy.json"), '{"deny": ["rm"]}');
    assert.deepEqual(await readPolicyFile(dir), { allow: [], deny: ["rm"] });
    for (const wrong of ["{", '{"denied": ["rm"]}', '{"deny": "rm"}']) {
      writeFileSync(path.join(dir, "policy.json"), wrong);
      await assert.rejects(readPolicyFile(dir), (error) => CountersignError.is(error, "badRequest") && error.message.includes("policy.json"), wrong);
    }
  });
});
