// The bundled sample on a desk as the editor opens it where no sandbox confines commands: its own words need no approval.
import assert from "node:assert/strict";
import path from "node:path";
import { openDesk } from "../../src/composition/desk";
import { prepareSample } from "../../src/composition/sample";
import { ROLES, type Role } from "../../src/core/domain/task";
import { NO_MODELS, aDeskSettings, untilStatus } from "../builders/deskBench";
import { GIT_ENVIRONMENT } from "../builders/repoBuilder";
import { tempFolder } from "../builders/tempFolder";
import { MemoryApprovals } from "../fakes/memoryApprovals";
import { RecordingLogger } from "../fakes/recordingLogger";

const LIMIT_MS = 240_000;

describe("the bundled sample on a desk without a sandbox", function () {
  this.timeout(LIMIT_MS);
  const folder = tempFolder();

  for (const [where, samples, ending] of [
    ["in the editor's own folder of samples, runs to its review without a question", "samples", "review"],
    ["copied elsewhere, is asked about like everything else", "elsewhere", "failed"],
  ] as const) {
    it(where, async () => {
      const place = folder();
      const { repo, script, task } = await prepareSample(path.join(place, "samples", "run", "tally"));
      const asked: string[] = [];
      const desk = await openDesk(repo, {
        env: { ...GIT_ENVIRONMENT, COUNTERSIGN_CACHE_DIR: path.join(place, "cache") },
        logger: new RecordingLogger(),
        settings: () => ({ ...aDeskSettings(), sealedChecks: true, sandbox: "off" }),
        editorModels: NO_MODELS,
        access: { credentials: () => Promise.resolve(null), advice: "No model is set up." },
        samplesFolder: path.join(place, samples),
        consent: () => ({
          approval: {
            ask: ({ command }) => {
              asked.push(command);
              return Promise.resolve({ kind: "refused", by: "person", reason: "You refused it." });
            },
          },
          approvals: new MemoryApprovals(),
          policy: () => ({ allow: [], deny: [] }),
        }),
      });
      try {
        const models = Object.fromEntries(ROLES.map((role) => [role, `script:${script}#claude-opus-5-5`])) as Record<Role, string>;
        const { request } = await desk.create({ title: "Add a Fibonacci command", description: task, category: "PREP", requestedType: null, profile: "code", attachments: [], approvePlan: false, models });
        await desk.queue.run(request.id);
        const view = await untilStatus(desk, request.id, "review", "escalated", "failed", "paused");
        const decisions = (await desk.events(request.id)).flatMap((event) => (event.kind === "commandDecided" ? [event] : []));
        assert.ok(decisions.length > 0);
        if (ending === "review") {
          assert.deepEqual([view.status, view.detail, asked], ["review", "", []]);
          assert.deepEqual(decisions.filter(({ by, decision }) => by !== "own" || decision !== "allowed").map(({ command }) => command), []);
        } else {
          assert.notEqual(view.status, "review");
          assert.deepEqual(decisions.map(({ decision }) => decision), decisions.map(() => "refused"));
        }
      } finally {
        await desk.close();
      }
    });
  }
});
