// Who owns the journal: a lock file that names its process and is touched while that lives. A dead owner's lock is
// taken over so that of any number of processes exactly one gets it, whenever one of them is killed.
import { randomBytes } from "node:crypto";
import { link, readFile, rename, stat, unlink, utimes, writeFile } from "node:fs/promises";
import * as z from "zod/mini";
import { CountersignError } from "../../core/domain/errors";
import { parseWith } from "../../core/domain/schema";
import type { Clock } from "../../core/ports/clock";
import type { Logger } from "../../core/ports/logger";
import { errnoOf } from "./ioError";
import { livenessOf, type ProcessIdentity } from "./processIdentity";

export const HEARTBEAT_MS = 5_000;
/** A lock whose owner cannot be looked up (another machine or container) is given up after this silence. */
export const STALE_MS = 60_000;
const PAUSE_MS = 20;
const TRIES = 250;

export interface LockOptions {
  readonly own: ProcessIdentity;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface LockRecord extends ProcessIdentity {
  /** Unique to this holding of the lock. */
  readonly token: string;
  readonly since: string;
}

interface FoundLock {
  readonly token: string;
  /** null for a file that nobody can have finished writing. */
  readonly record: LockRecord | null;
  readonly touchedAt: number;
}

export class OwnerLock {
  #beat: { dispose(): void } | null = null;
  #released = false;

  constructor(
    private readonly file: string,
    private readonly token: string,
    private readonly clock: Clock,
  ) {}

  /** Touches the file every few seconds; `onLost` is called once when the file is no longer ours. */
  guard(onLost: () => void): void {
    this.#beat = this.clock.after(HEARTBEAT_MS, () => {
      const beat = async (): Promise<void> => {
        if (!(await this.isOurs())) return this.#released ? undefined : onLost();
        const seconds = this.clock.now() / 1000;
        await utimes(this.file, seconds, seconds);
        if (!this.#released) this.guard(onLost);
      };
      beat().catch(() => (this.#released ? undefined : onLost()));
    });
  }

  async isOurs(): Promise<boolean> {
    return (await readLock(this.file))?.token === this.token;
  }

  async release(): Promise<void> {
    this.#released = true;
    this.#beat?.dispose();
    if (await this.isOurs()) await unlink(this.file);
  }
}

/** Takes the lock or rejects with `locked`, naming the owner. */
export async function acquireLock(file: string, options: LockOptions): Promise<OwnerLock> {
  const token = randomBytes(4).toString("hex");
  const since = new Date(options.clock.now()).toISOString();
  await take(file, { ...options.own, token, since }, options);
  return new OwnerLock(file, token, options.clock);
}

/** The living process that holds the lock, for a person; null when nobody does. It only looks. */
export async function currentOwner(file: string, own: ProcessIdentity, now: number): Promise<string | null> {
  const found = await readLock(file);
  if (found === null) return null;
  const { record } = found;
  const liveness = record === null ? "unknown" : livenessOf(record, own);
  if (liveness === "dead") return null;
  if (liveness === "unknown" && Math.abs(now - found.touchedAt) >= STALE_MS) return null;
  return record === null ? "another process" : `process ${record.pid} on ${record.host}`;
}

/**
 * The lock of a dead owner is replaced only by the one who holds the claim named after that very holding
 * (`owner.lock.<token>`, itself such a lock). Whoever comes late to a claim finds another token in the lock and starts
 * again; whoever dies holding one is taken over in the same way.
 */
async function take(file: string, record: LockRecord, options: LockOptions): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    if (await create(file, record)) return;
    const found = await readLock(file);
    if (found === null) continue;
    if (await isHeld(file, found, options)) throw lockedBy(found, record);
    const claim = `${file}.${found.token}`;
    if (await claimed(claim, record, options)) {
      try {
        if ((await readLock(file))?.token === found.token) {
          options.logger.info("took over the journal of a process that is gone", { pid: found.record?.pid, file });
          return await replace(file, record);
        }
      } finally {
        await unlink(claim);
      }
    } else if (tries >= TRIES) {
      throw lockedBy(found, record);
    } else {
      await options.clock.sleep(PAUSE_MS, new AbortController().signal);
    }
  }
}

async function claimed(claim: string, record: LockRecord, options: LockOptions): Promise<boolean> {
  try {
    await take(claim, { ...record, token: randomBytes(4).toString("hex") }, options);
    return true;
  } catch (error) {
    if (CountersignError.is(error, "locked")) return false;
    throw error;
  }
}

async function isHeld(file: string, found: FoundLock, { own, clock }: LockOptions): Promise<boolean> {
  const { record } = found;
  const liveness = record === null ? "unknown" : livenessOf(record, own);
  if (liveness !== "unknown") return liveness === "alive";
  if (Math.abs(clock.now() - found.touchedAt) < STALE_MS) return true;
  if (record === null || record.host !== own.host || record.place !== own.place) return false;
  // A process of that number runs here and cannot be told from the owner, who may just wake up with the machine: a
  // living owner touches the file within this time.
  await clock.sleep(2 * HEARTBEAT_MS, new AbortController().signal);
  const now = await readLock(file);
  return now !== null && (now.token !== found.token || now.touchedAt !== found.touchedAt);
}

async function readLock(file: string): Promise<FoundLock | null> {
  try {
    const [text, { ino, mtimeMs }] = [await readFile(file, "utf8"), await stat(file)];
    const record = parseRecord(text);
    return { token: record?.token ?? `unreadable-${ino}-${Math.trunc(mtimeMs)}`, record, touchedAt: mtimeMs };
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return null;
    throw error;
  }
}

const recordSchema = z.object({
  pid: z.number(),
  host: z.string(),
  place: z.string(),
  started: z.nullable(z.string()),
  token: z.string().check(z.regex(/^[0-9a-f]{8}$/)),
  since: z.string(),
});

function parseRecord(text: string): LockRecord | null {
  try {
    const parsed = parseWith(recordSchema, JSON.parse(text));
    return parsed.ok ? parsed.value : null;
  } catch (error) {
    // Cut off by a crash, or not yet written where the file system knows no links.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function lockedBy({ record }: FoundLock, own: ProcessIdentity): CountersignError {
  const kept = "Nothing was changed.";
  if (record === null) {
    return new CountersignError("locked", `Another process is just taking the journal. ${kept} Try again in a minute.`);
  }
  if (record.pid === own.pid && record.host === own.host && record.place === own.place) {
    return new CountersignError("locked", `This process (pid ${own.pid}) has the journal open already. ${kept}`);
  }
  const elsewhere = record.host !== own.host || record.place !== own.place;
  const advice = elsewhere
    ? `If it is gone, its claim ends ${STALE_MS / 1000} s after its last sign of life: try again then.`
    : "Wait until it ends or close it, then try again.";
  const owner = `process ${record.pid} on ${record.host}, since ${record.since}`;
  return new CountersignError("locked", `Another Countersign runs here and owns the journal (${owner}). ${kept} ${advice}`);
}

/** Appears with its content or not at all. */
async function create(file: string, record: LockRecord): Promise<boolean> {
  const temporary = `${file}.${record.token}.tmp`;
  await writeFile(temporary, `${JSON.stringify(record)}\n`, { flag: "wx", mode: 0o600 });
  try {
    await link(temporary, file);
    return true;
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return false;
    if (!NO_LINKS.has(errnoOf(error) ?? "")) throw error;
    return await createInPlace(file, record);
  } finally {
    await unlink(temporary);
  }
}

/** Codes of file systems that know no hard links. */
const NO_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);

async function createInPlace(file: string, record: LockRecord): Promise<boolean> {
  try {
    await writeFile(file, `${JSON.stringify(record)}\n`, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return false;
    throw error;
  }
}

async function replace(file: string, record: LockRecord): Promise<void> {
  const temporary = `${file}.${record.token}.tmp`;
  await writeFile(temporary, `${JSON.stringify(record)}\n`, { flag: "wx", mode: 0o600 });
  await rename(temporary, file);
}
