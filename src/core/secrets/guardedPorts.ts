// Ports of the engine with a guard before them: what is written down, logged or sent to a model has no secrets in it.
// What a model itself said goes back to it unchanged; what agents write to files of the worktree is theirs.
import type { AssistantBlock, AssistantMessage, Message, UserMessage } from "../domain/conversation";
import type { EventBody, JournalEvent } from "../domain/event";
import type { TaskId } from "../domain/task";
import { inertMarkdown } from "../handoff/inertMarkdown";
import type { Journal } from "../ports/journal";
import type { Logger } from "../ports/logger";
import type { ModelClient, ModelEvent, ModelRequest } from "../ports/modelClient";
import type { PlanFolder } from "../ports/planFolder";
import type { Transcript, TranscriptEntry, Transcripts } from "../ports/transcripts";
import type { SecretLedger } from "./ledger";
import { markOf } from "./marks";
import type { Redactor } from "./redactor";
import { countsOf, type SecretCount } from "./scan";
import type { StreamRedactor } from "./streamRedactor";

/** Where the journal itself held one: in what the user or a model wrote. */
const RECORD = "the task's record";

export function guardedJournal(journal: Journal, redactor: Redactor, ledger: SecretLedger): Journal {
  return {
    get lastSeq() {
      return journal.lastSeq;
    },
    append: (task: TaskId, body: EventBody): JournalEvent => {
      const { value, found } = redactor.deep(body);
      ledger.note(task, RECORD, found);
      return journal.append(task, value);
    },
    pending: (task) => ledger.take(task),
    flush: () => journal.flush(),
    events: (fromSeq) => journal.events(fromSeq),
    close: () => journal.close(),
  };
}

export function guardedTranscripts(transcripts: Transcripts, redactor: Redactor, ledger: SecretLedger): Transcripts {
  return {
    open: async (task, session) => {
      const transcript = await transcripts.open(task, session);
      return guardedTranscript(transcript, (entry) => {
        const { value, found } = cleanEntry(entry, redactor);
        ledger.note(task, `sessions/${session}.ndjson`, found);
        return value;
      });
    },
  };
}

function guardedTranscript(transcript: Transcript, clean: (entry: TranscriptEntry) => TranscriptEntry): Transcript {
  return {
    recovered: transcript.recovered,
    append: (entry) => transcript.append(clean(entry)),
    flush: () => transcript.flush(),
    close: () => transcript.close(),
  };
}

function cleanEntry(entry: TranscriptEntry, redactor: Redactor): { readonly value: TranscriptEntry; readonly found: readonly SecretCount[] } {
  if (entry.kind !== "assistant") return redactor.deep(entry);
  const { value, found } = cleanAnswer(entry.message, redactor);
  return { value: value === entry.message ? entry : { ...entry, message: value }, found };
}

/** A provider's own block is kept as it is or not at all: changed, the provider would refuse it. */
function cleanAnswer(message: AssistantMessage, redactor: Redactor): { readonly value: AssistantMessage; readonly found: readonly SecretCount[] } {
  const found: SecretCount[] = [];
  const content = message.content.map((block): AssistantBlock => {
    const clean = redactor.deep(block);
    found.push(...clean.found);
    const [first] = clean.found;
    return block.kind === "opaque" && first !== undefined ? { kind: "text", text: markOf(first.kind) } : clean.value;
  });
  return found.length === 0 ? { value: message, found } : { value: { ...message, content }, found: countsOf(found) };
}

export function guardedPlans(plans: PlanFolder, redactor: Redactor, ledger: SecretLedger): PlanFolder {
  const clean = (task: TaskId, file: string, text: string): string => {
    const redacted = redactor.text(text);
    ledger.note(task, file, redacted.found);
    return inertMarkdown(file, redacted.text);
  };
  return {
    pathOf: (task, file) => plans.pathOf(task, file),
    write: (task, file, text) => plans.write(task, file, clean(task, file, text)),
    append: (task, file, text) => plans.append(task, file, clean(task, file, text)),
    read: (task, file) => plans.read(task, file),
    copyIn: (task, source, folder) => plans.copyIn(task, source, folder),
    tidy: (task) => plans.tidy(task),
    list: (task) => plans.list(task),
  };
}

export function guardedLogger(logger: Logger, redactor: Redactor): Logger {
  const level =
    (name: "debug" | "info" | "warn"): Logger["info"] =>
    (message, data) =>
      logger[name](redactor.text(message).text, data === undefined ? data : redactor.deep(data).value);
  return { debug: level("debug"), info: level("info"), warn: level("warn") };
}

export function guardedModel(model: ModelClient, redactor: Redactor): ModelClient {
  /** A conversation grows by a message or two each turn: what was looked at is not looked at again. */
  const seen = new WeakMap<Message, Message>();
  const clean = (message: Message): Message => {
    if (message.role === "assistant") return message;
    const known: Message = seen.get(message) ?? redactor.deep<UserMessage>(message).value;
    seen.set(message, known);
    return known;
  };
  return { stream: (request, signal) => shownCleanly(model.stream(withMessages(request, clean), signal), redactor) };
}

function withMessages(request: ModelRequest, clean: (message: Message) => Message): ModelRequest {
  const messages = request.messages.map(clean);
  return messages.every((message, index) => message === request.messages[index]) ? request : { ...request, messages };
}

/** What is shown while it streams; the finished message stays as the model wrote it. */
async function* shownCleanly(events: AsyncIterable<ModelEvent>, redactor: Redactor): AsyncIterable<ModelEvent> {
  let streams = streamsOf(redactor);
  for await (const event of events) {
    if (event.kind === "textDelta" || event.kind === "thinkingDelta") {
      yield* delta(event.kind, streams[event.kind].push(event.text));
      continue;
    }
    for (const kind of ["thinkingDelta", "textDelta"] as const) yield* delta(kind, event.kind === "retrying" ? "" : streams[kind].end());
    streams = streamsOf(redactor);
    yield event;
  }
}

function streamsOf(redactor: Redactor): Readonly<Record<"textDelta" | "thinkingDelta", StreamRedactor>> {
  return { textDelta: redactor.stream(), thinkingDelta: redactor.stream() };
}

function delta(kind: "textDelta" | "thinkingDelta", text: string): readonly ModelEvent[] {
  return text === "" ? [] : [{ kind, text }];
}
