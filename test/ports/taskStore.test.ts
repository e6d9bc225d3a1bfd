// Runs the contract of TaskStore on sql.js and on the fold in memory.
import path from "node:path";
import { openJournal } from "../../src/adapters/store/fileJournal";
import { openTaskStore } from "../../src/adapters/store/sqlTaskStore";
import { tempFolder } from "../builders/tempFolder";
import { MemoryJournal } from "../fakes/memoryJournal";
import { MemoryTaskStore } from "../fakes/memoryTaskStore";
import { RecordingLogger } from "../fakes/recordingLogger";
import { taskStoreContract } from "./taskStoreContract";

describe("MemoryTaskStore", () => {
  taskStoreContract(async (clock) => {
    const journal = new MemoryJournal(clock);
    return { journal, store: new MemoryTaskStore(journal) };
  });
});

describe("openTaskStore", () => {
  const folder = tempFolder();
  let places = 0;

  taskStoreContract(async (clock) => {
    const stateDir = path.join(folder(), `${++places}`);
    const logger = new RecordingLogger();
    const journal = await openJournal(stateDir, { clock, logger });
    return { journal, store: await openTaskStore(stateDir, journal, { logger }) };
  });
});
