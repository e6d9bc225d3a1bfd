import { strict as assert } from "node:assert";
import { findings, isWell, printDoctor, type DoctorFacts, type Finding } from "../../src/core/doctor/doctorReport";

const WELL: DoctorFacts = {
  version: "0.1.0",
  folder: { path: "/home/ada/tally", isWritable: true, isRepository: true, problem: null },
  isTrusted: true,
  protection: { kind: "active", name: "bubblewrap" },
  network: ["registries"],
  git: "git version 2.39.5",
  ripgrep: "ripgrep 14.1.1",
  node: { version: "24.9.0", wanted: ">=20.19.0", isEnough: true },
  model: "A key is stored in this editor.",
  setModel: "Countersign: Set API Key",
  journalOwner: null,
  worktrees: { folder: "/home/ada/.cache/countersign", freeBytes: 50 * 1024 ** 3 },
  policy: { allow: [], deny: [], where: "your settings", problems: [] },
  approvals: 2,
  sealedChecks: true,
};
const of = (about: string, change: Partial<DoctorFacts>): Finding | undefined => findings({ ...WELL, ...change }).find((finding) => finding.about === about);

describe("findings", () => {
  it("miss nothing where all is there", () => {
    assert.equal(isWell(findings(WELL)), true);
    assert.match(printDoctor(WELL), /^# Countersign doctor\n\nNothing is missing\. Version 0\.1\.0, `\/home\/ada\/tally`\./);
  });

  const CASES: readonly (readonly [name: string, about: string, change: Partial<DoctorFacts>, state: Finding["state"], text: RegExp])[] = [
    ["a missing sandbox, with what installs one", "Sandbox", { protection: { kind: "missing", why: "bubblewrap is not installed.", install: ["sudo apt-get install bubblewrap"] } }, "missing", /bubblewrap is not installed\. Every command needs your permission/],
    ["a sandbox that the person has switched off, as their own choice", "Sandbox", { protection: { kind: "off", why: "The setting sandbox is off." } }, "note", /is off\. Every command needs your permission/],
    ["that the network is open without a sandbox", "Network", { protection: { kind: "off", why: "The setting sandbox is off." } }, "note", /reaches whatever you can reach/],
    ["a workspace that is not trusted", "Workspace trust", { isTrusted: false }, "missing", /nothing is run in it/],
    ["a folder that cannot be written", "Folder", { folder: { path: "/mnt/ro", isWritable: false, isRepository: true, problem: null } }, "missing", /\/mnt\/ro cannot be written/],
    ["a folder that cannot be opened", "Folder", { folder: { path: "/gone", isWritable: false, isRepository: false, problem: "There is no folder /gone." } }, "missing", /There is no folder/],
    ["that no folder is open", "Folder", { folder: null }, "note", /No folder is open/],
    ["that no model is set up", "Model", { model: null }, "missing", /No key and no server/],
    ["missing git", "git", { git: null }, "missing", /every task works in a git worktree/],
    ["that ripgrep is not there, which is only slower", "ripgrep", { ripgrep: null }, "note", /only slower/],
    ["a Node.js that is too old", "Node.js", { node: { version: "18.0.0", wanted: ">=20.19.0", isEnough: false } }, "missing", /18\.0\.0 is too old/],
    ["little space", "Disk", { worktrees: { folder: "/cache", freeBytes: 1024 ** 3 } }, "missing", /1\.0 GB free/],
    ["entries that mean nothing", "Command policy", { policy: { ...WELL.policy, problems: ['"a; b" means nothing.'] } }, "missing", /"a; b" means nothing/],
    ["sealed checks that are off", "Sealed checks", { sealedChecks: false }, "note", /sees every check/],
  ];
  for (const [name, about, change, state, text] of CASES) {
    it(`tell of ${name}`, () => {
      const finding = of(about, change);
      assert.equal(finding?.state, state);
      assert.match(finding?.text ?? "", text);
      assert.equal(isWell(findings({ ...WELL, ...change })), state !== "missing");
    });
  }
});

describe("printDoctor", () => {
  it("says first that something is missing, and what to type", () => {
    const text = printDoctor({ ...WELL, protection: { kind: "missing", why: "bubblewrap is not installed.", install: ["sudo apt-get install bubblewrap"] } });
    assert.match(text, /^# Countersign doctor\n\nSomething is missing\./);
    assert.match(text, /- \*\*Sandbox\*\*: \*\*missing\.\*\* bubblewrap is not installed\.[^\n]*\n {2}- `sudo apt-get install bubblewrap`/);
  });
});
