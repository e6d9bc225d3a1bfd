// A Messages API on 127.0.0.1 for taking times: one scripted tool call a turn, then a final text, streamed. It stamps
// every request and the end of every response, and checks nothing: clients of others talk to it too.
import http from "node:http";

/** Milliseconds since the epoch with fractions, comparable between the parts of one process. */
export const now = () => performance.timeOrigin + performance.now();

/** `toolCall(turn)` gives `{ name, input }` for turns 1…`turns`; `pauseMs` is how long the model seems to think. */
export async function startFakeApi({ turns, toolCall, pauseMs = 0 }) {
  const requests = [];
  const server = http.createServer((request, response) => {
    const arrival = now();
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const isMessage = request.method === "POST" && /^\/v1\/messages(\?|$)/.test(request.url);
      if (!isMessage) return refuse(response);
      const record = { arrival, body: JSON.parse(Buffer.concat(chunks)), responseEnd: 0 };
      const turn = requests.push(record);
      const answer = () => send(response, record, turn > turns ? null : toolCall(turn));
      if (pauseMs > 0) setTimeout(answer, pauseMs);
      else answer();
    });
  });
  server.on("connection", (socket) => socket.setNoDelay(true));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    requests,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

function send(response, record, call) {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  for (const event of eventsOf(record.body.model, call)) response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  record.responseEnd = now();
  response.end();
}

function eventsOf(model, call) {
  const usage = { input_tokens: 1, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 1 };
  const message = { id: "msg_1", type: "message", role: "assistant", model, content: [], stop_reason: null, stop_sequence: null, usage };
  const [block, delta] =
    call === null
      ? [{ type: "text", text: "" }, { type: "text_delta", text: "Read all the files." }]
      : [
          { type: "tool_use", id: `toolu_${call.input.path}`.replace(/\W/g, "_"), name: call.name, input: {} },
          { type: "input_json_delta", partial_json: JSON.stringify(call.input) },
        ];
  const stop = { stop_reason: call === null ? "end_turn" : "tool_use", stop_sequence: null };
  return [
    { type: "message_start", message },
    { type: "content_block_start", index: 0, content_block: block },
    { type: "content_block_delta", index: 0, delta },
    { type: "content_block_stop", index: 0 },
    { type: "message_delta", delta: stop, usage: { output_tokens: 20 } },
    { type: "message_stop" },
  ];
}

function refuse(response) {
  const error = { type: "error", error: { type: "not_found_error", message: "Not found" } };
  response.writeHead(404, { "content-type": "application/json" }).end(JSON.stringify(error));
}
