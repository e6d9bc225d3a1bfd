// The events of a streamed response, as plain records. What is no event of ours is left out; what is a damaged one
// ends the stream with an error.
import { Stream } from "@anthropic-ai/sdk/streaming";
import { isRecord } from "./anthropicErrors";

/** Calls `onBytes` for whatever arrives: a ping is life too. */
export async function* serverEvents(response: Response, onBytes: () => void): AsyncGenerator<Record<string, unknown>> {
  const watched = { body: watchedBody(response.body, onBytes) } as unknown as Response;
  for await (const { event, data } of Stream.rawEvents(watched)) {
    if (data === "" || data === "[DONE]") continue;
    const parsed = parsedData(event, data);
    if (!isRecord(parsed)) continue;
    yield typeof parsed["type"] === "string" ? parsed : { ...parsed, type: event };
  }
}

const OURS = /^(message_|content_block_|error$)/;

function parsedData(event: string | null, data: string): unknown {
  try {
    return JSON.parse(data);
  } catch (cause) {
    // An event of a kind we do not read may hold anything.
    if (event !== null && !OURS.test(event)) return null;
    throw new DamagedEvent("an event of the stream is no JSON", { cause });
  }
}

export class DamagedEvent extends Error {}

async function* watchedBody(body: unknown, onBytes: () => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    onBytes();
    yield chunk;
  }
}
