// What a person decides about hunks and files, on real repositories: what gets into the tree, what is left, what is on
// record.
import { strict as assert } from "node:assert";
import { existsSync } from "node:fs";
import path from "node:path";
import { CountersignError } from "../../src/core/domain/errors";
import type { HunkId } from "../../src/core/domain/review";
import { EngineBench } from "../builders/engineBench";
import { fingerprint } from "../builders/repoBuilder";
import { aPassingScript, calls, runs, writes, WRITE_HELLO } from "../builders/scriptBuilder";
import { tempFolder } from "../builders/tempFolder";

const LINES = Array.from({ length: 20 }, (_, at) => `line ${at + 1}`);
const story = (change: Readonly<Record<number, string>> = {}): string => LINES.map((line, at) => `${change[at + 1] ?? line}\n`).join("");
const ATTEMPT = { 2: "TWO", 10: "TEN", 18: "EIGHTEEN" };
const FILES = { "README.md": "# Greetings\n", "story.txt": story(), "old.txt": "old\n", "tool.sh": "echo\n", "data.bin": "\0one" };
const work = aPassingScript().generator(1, calls(WRITE_HELLO, writes("story.txt", story(ATTEMPT)), runs("rm old.txt")));

const says = (code: string, text: RegExp) => (error: unknown) => CountersignError.is(error) && error.code === code && text.test(error.message);

describe("Harness.decideHunks", function () {
  this.timeout(60_000);
  const folder = tempFolder();
  let bench: EngineBench;

  async function inReview(script = work): Promise<void> {
    bench = await EngineBench.inReview(folder(), script, FILES);
  }

  async function ids(file = "story.txt"): Promise<readonly HunkId[]> {
    return (await bench.hunks(file)).map(({ id }) => id);
  }

  afterEach(() => bench.close());

  it("takes one hunk into the tree, another after it, and leaves git's index, HEAD and everything else alone", async () => {
    await inReview();
    const { repo } = bench;
    repo.write("mine.txt", "mine\n");
    repo.git("add", "mine.txt");
    const before = fingerprint(path.join(repo.dir, ".git"));
    const [first, , third] = await ids();
    const { result, view } = await bench.decide("story.txt", { accept: [third!] });
    assert.equal(repo.read("story.txt"), story({ 18: "EIGHTEEN" }));
    assert.deepEqual([result?.applied, result?.conflicts, view.status], [["story.txt"], [], "review"]);
    await bench.decide("story.txt", { accept: [first!] });
    assert.equal(repo.read("story.txt"), story({ 2: "TWO", 18: "EIGHTEEN" }));
    assert.ok(!repo.has("greeting.txt") && repo.has("old.txt"));
    assert.deepEqual(fingerprint(path.join(repo.dir, ".git")), before);
    assert.deepEqual((await bench.view()).hunks["story.txt"]?.accepted, [third, first]);
  });

  it("rejects without touching a file, and the task stays in review when everything was rejected", async () => {
    await inReview();
    const events = (await bench.events()).length;
    const all = await ids();
    const { result } = await bench.decide("story.txt", { reject: all });
    assert.equal(result, null);
    for (const file of ["greeting.txt", "old.txt"]) await bench.decide(file, { reject: await ids(file) });
    assert.equal(bench.repo.git("status", "--porcelain"), "");
    const view = await bench.view();
    assert.deepEqual([view.status, view.accepted], ["review", null]);
    assert.deepEqual((await bench.kinds()).slice(events), ["hunksDecided", "hunksDecided", "hunksDecided"]);
    assert.ok(existsSync(view.base!.worktree), "it can still be taken or discarded");
  });

  it("is accepted once nothing is left, with what was rejected left out, and by a rejection where that was the last", async () => {
    await inReview();
    const [first, second, third] = await ids();
    await bench.decide("story.txt", { accept: [second!], reject: [first!] });
    const { view: partly } = await bench.accept(["greeting.txt", "old.txt"]);
    assert.equal(partly.status, "review");
    const { view } = await bench.decide("story.txt", { reject: [third!] });
    assert.equal(view.status, "accepted");
    assert.equal(bench.repo.read("story.txt"), story({ 10: "TEN" }));
    assert.ok(bench.repo.has("greeting.txt") && !bench.repo.has("old.txt"));
    assert.ok(!existsSync(view.base!.worktree));
    await assert.rejects(bench.decide("story.txt", { accept: [first!] }), says("conflict", /is accepted: only a task in review can be accepted\. Undo the accept/));
  });

  it("accepts a file as a whole without the hunks that were rejected", async () => {
    await inReview();
    const [first, second, third] = await ids();
    await bench.decide("story.txt", { reject: [second!] });
    const { result, view } = await bench.accept(["story.txt"]);
    assert.deepEqual(result.applied, ["story.txt"]);
    assert.equal(bench.repo.read("story.txt"), story({ 2: "TWO", 18: "EIGHTEEN" }));
    assert.deepEqual(view.hunks["story.txt"], { accepted: [first, third], rejected: [second] });
    const { view: whole } = await bench.accept();
    assert.equal(whole.status, "accepted");
    assert.equal(bench.repo.read("story.txt"), story({ 2: "TWO", 18: "EIGHTEEN" }));
  });

  it("lets the user think again, both ways, and keeps what they have written meanwhile", async () => {
    await inReview();
    const { repo } = bench;
    const [first, , third] = await ids();
    await bench.decide("story.txt", { accept: [first!], reject: [third!] });
    repo.write("story.txt", story({ 2: "TWO", 6: "mine" }));
    await bench.decide("story.txt", { accept: [third!], reject: [first!] });
    assert.equal(repo.read("story.txt"), story({ 6: "mine", 18: "EIGHTEEN" }));
    assert.deepEqual((await bench.view()).hunks["story.txt"], { accepted: [third], rejected: [first] });
    await bench.decide("story.txt", { reject: [third!] });
    assert.equal(repo.read("story.txt"), story({ 6: "mine" }));
    assert.equal((await bench.view()).status, "review");
  });

  it("rejects a hunk of a file that was accepted as a whole", async () => {
    await inReview();
    const [first, second, third] = await ids();
    await bench.accept(["story.txt"]);
    await bench.decide("story.txt", { reject: [second!] });
    assert.equal(bench.repo.read("story.txt"), story({ 2: "TWO", 18: "EIGHTEEN" }));
    assert.deepEqual((await bench.view()).hunks["story.txt"], { accepted: [first, third], rejected: [second] });
  });

  it("refuses to take out what the user has changed, in words, with nothing changed or begun", async () => {
    await inReview();
    const { repo } = bench;
    const [first, second] = await ids();
    await bench.decide("story.txt", { accept: [first!] });
    const mine = story({ 2: "TWO, and more" });
    repo.write("story.txt", mine);
    const events = (await bench.events()).length;
    await assert.rejects(bench.decide("story.txt", { reject: [first!] }), says("conflict", /Your own changes in story\.txt touch the same lines\. Nothing was changed/));
    assert.equal(repo.read("story.txt"), mine);
    assert.equal((await bench.events()).length, events);
    repo.write("note.txt", "written after the refusal\n");
    const { result } = await bench.decide("story.txt", { accept: [second!] });
    assert.equal(repo.read("story.txt"), story({ 2: "TWO, and more", 10: "TEN" }));
    assert.equal(repo.git("show", `${result!.before}:note.txt`), "written after the refusal", "the state before is that of this accept");
  });

  it("marks a conflict where the user has changed the lines that an accepted hunk changes, once", async () => {
    await inReview();
    const { repo } = bench;
    const [first, second] = await ids();
    repo.write("story.txt", story({ 2: "mine" }));
    const { result } = await bench.decide("story.txt", { accept: [first!] });
    assert.deepEqual(result?.conflicts, ["story.txt"]);
    const marked = repo.read("story.txt");
    assert.match(marked, /<<<<<<< story\.txt \(yours\)\nmine\n[^]*TWO\n>>>>>>> story\.txt \(countersign\/greet-/);
    await bench.decide("story.txt", { accept: [second!] });
    assert.equal(repo.read("story.txt"), marked.replace("line 10\n", "TEN\n"));
  });

  it("makes and removes whole files by their one hunk", async () => {
    await inReview();
    await bench.decide("greeting.txt", { accept: await ids("greeting.txt") });
    await bench.decide("old.txt", { accept: await ids("old.txt") });
    assert.deepEqual([bench.repo.read("greeting.txt"), bench.repo.has("old.txt")], ["hello\n", false]);
    await bench.decide("greeting.txt", { reject: await ids("greeting.txt") });
    await bench.decide("old.txt", { reject: await ids("old.txt") });
    assert.deepEqual([bench.repo.has("greeting.txt"), bench.repo.read("old.txt")], [false, "old\n"]);
    assert.equal(bench.repo.git("status", "--porcelain"), "");
    assert.equal((await bench.view()).status, "review", "nothing of it is in the tree");
  });

  it("keeps line endings and a missing last newline as they are", async () => {
    const files = { "story.txt": story().replaceAll("\n", "\r\n").trimEnd() };
    const changed = files["story.txt"].replace("line 2\r", "TWO\r").replace(/line 20$/, "TWENTY\r\n");
    const script = aPassingScript().generator(1, calls(WRITE_HELLO, writes("story.txt", changed)));
    bench = await EngineBench.inReview(folder(), script, files);
    const [first, last] = await ids();
    await bench.decide("story.txt", { accept: [last!] });
    assert.equal(bench.repo.read("story.txt"), files["story.txt"].replace(/line 20$/, "TWENTY\r\n"));
    await bench.decide("story.txt", { accept: [first!], reject: [last!] });
    assert.equal(bench.repo.read("story.txt"), files["story.txt"].replace("line 2\r", "TWO\r"));
  });

  it("takes binary files, links and changed modes only as wholes, and says so", async () => {
    const shell = "printf '\\000two' > data.bin; chmod +x tool.sh; echo more >> tool.sh; ln -s README.md link.txt; printf 'caf\\351\\n' > latin.txt";
    await inReview(aPassingScript().generator(1, calls(WRITE_HELLO, runs(shell))));
    const reasons = { "data.bin": /binary file/, "tool.sh": /whether it can be run/, "link.txt": /symbolic link/, "latin.txt": /not UTF-8/ };
    for (const [file, reason] of Object.entries(reasons)) {
      await assert.rejects(bench.decide(file, { accept: ["1,0+0" as HunkId] }), says("notAllowed", reason));
    }
    const { view } = await bench.accept(Object.keys(reasons));
    assert.deepEqual([view.status, view.accepted?.applied.length], ["review", 4]);
    assert.equal(bench.repo.git("diff", "--summary"), "mode change 100644 => 100755 tool.sh");
  });

  it("refuses what it does not know", async () => {
    await inReview();
    const [first] = await ids();
    await assert.rejects(bench.decide("nothing.txt", { accept: [first!] }), says("notFound", /did not change nothing\.txt/));
    await assert.rejects(bench.decide("story.txt", { accept: ["9,9+9" as HunkId] }), says("notFound", /no such change/));
    await assert.rejects(bench.decide("story.txt", { accept: [first!], reject: [first!] }), says("badRequest", /both accepted and rejected/));
    await assert.rejects(bench.decide("story.txt", {}), says("badRequest", /No change of story\.txt was named/));
    await assert.rejects(bench.decide("../story.txt", { accept: [first!] }), says("notFound", /did not change/));
  });

  it("comes to the same end when its accept was done and not put on record", async () => {
    await inReview();
    const before = await bench.view();
    const [first, second] = await ids();
    await bench.decide("story.txt", { accept: [first!] });
    // As after a crash between the two: an old view decides again.
    const { view } = await bench.harness.decideHunks(before, "story.txt", { accept: [first!, second!], reject: [] });
    assert.equal(bench.repo.read("story.txt"), story({ 2: "TWO", 10: "TEN" }));
    assert.deepEqual(view.hunks["story.txt"]?.accepted, [first, second]);
  });
});
