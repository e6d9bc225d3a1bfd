// The shape of the project manager's last message. What no schema can say (ids, cycles, criteria that contradict each
// other) is planLinter's.
import * as z from "zod/mini";
import type { MissionDraft } from "../domain/mission";

/** More tasks than this are no plan that a person can look through. */
export const MAX_TASKS = 200;

const line = z.string().check(z.trim(), z.minLength(1));
/** White space at its ends may mean something. */
const text = z.string().check(z.regex(/\S/, "is empty"));

const plannedTaskSchema = z.strictObject({
  id: line,
  title: line,
  workerRole: line,
  qcRole: line,
  model: z.nullable(line),
  prompt: text,
  context: z.exactOptional(z.string()),
  dependencies: z.array(line),
  criteria: z.array(line),
  verificationCommands: z.array(line),
  files: z.array(line),
  maxRetries: z.int().check(z.minimum(0), z.maximum(10)),
  estimatedToolCalls: z.int().check(z.minimum(1), z.maximum(1000)),
  estimatedDuration: z.exactOptional(z.string()),
  parallelGroup: z.nullable(z.int().check(z.minimum(0), z.maximum(MAX_TASKS))),
});

export const missionDraftSchema: z.ZodMiniType<MissionDraft> = z.strictObject({
  title: line,
  overview: line,
  assumptions: z.array(line),
  tasks: z.array(plannedTaskSchema).check(z.minLength(1), z.maxLength(MAX_TASKS)),
});
