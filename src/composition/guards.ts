// Puts the guards before the ports of an engine, so that nothing it keeps, logs or sends holds a secret. No logic of its own.
import { isAbsolute, relative, sep } from "node:path";
import type { TaskId } from "../core/domain/task";
import type { EngineDeps } from "../core/engine/engineDeps";
import { guardedJournal, guardedModel, guardedPlans, guardedTranscripts } from "../core/secrets/guardedPorts";
import type { SecretLedger } from "../core/secrets/ledger";
import type { Redactor } from "../core/secrets/redactor";
import type { SecretCount } from "../core/secrets/scan";
import type { ModelAccess } from "./modelRoutes";

type Guarded = Pick<EngineDeps, "journal" | "transcripts" | "plans" | "model">;

export function guardedPorts(ports: Guarded, redactor: Redactor, ledger: SecretLedger): Guarded {
  return {
    journal: guardedJournal(ports.journal, redactor, ledger),
    transcripts: guardedTranscripts(ports.transcripts, redactor, ledger),
    plans: guardedPlans(ports.plans, redactor, ledger),
    model: guardedModel(ports.model, redactor),
  };
}

/** Notes what commands' output files were spared, under the task in whose folder they lie. */
export function outputLedger(plansDir: string, ledger: SecretLedger): (file: string | null, found: readonly SecretCount[]) => void {
  return (file, found) => {
    const [task, ...rest] = file === null ? [] : relative(plansDir, file).split(sep);
    if (task === undefined || task === ".." || isAbsolute(task) || rest.length === 0) return;
    ledger.note(task as TaskId, rest.join("/"), found);
  };
}

/** Every key that models are asked with is known as one from then on. */
export function learningAccess(access: ModelAccess, redactor: Redactor): ModelAccess {
  return {
    ...access,
    credentials: async () => {
      const credentials = await access.credentials();
      redactor.learn(credentials?.apiKey);
      redactor.learn(credentials?.authToken);
      return credentials;
    },
  };
}
