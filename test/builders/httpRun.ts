// The strict fake Messages API speaking a script, with faults in between: for whole runs of the command line over HTTP.
import { ScriptBuilder } from "./scriptBuilder";
import { parseScript, type ScriptInput } from "../../src/adapters/model/script";
import type { Role } from "../../src/core/domain/task";
import { contractNegotiator } from "../../src/core/roles/contractNegotiator";
import { evaluator } from "../../src/core/roles/evaluator";
import { generator } from "../../src/core/roles/generator";
import { planner } from "../../src/core/roles/planner";
import { singleAgent } from "../../src/core/roles/singleAgent";
import { FakeModelApi, type FakeModelApiOptions, type FakeReply, type FakeRequest } from "../fakes/fakeModelApi";
import { scriptResponder } from "../fakes/fakeModelApiScript";

export const KEY = "sk-ant-test-0123456789abcdef";
const ROLES = [planner, contractNegotiator, generator, evaluator, singleAgent];

export interface HttpFaults {
  /** What happens instead of an answer to the request with this number, from 0; the request is then answered when it comes again. */
  readonly at?: Readonly<Record<number, FakeReply>>;
  /** Added to every answer. */
  readonly always?: FakeReply;
}

export async function startScriptedApi(script: ScriptBuilder | ScriptInput, faults: HttpFaults = {}, options: FakeModelApiOptions = {}): Promise<FakeModelApi> {
  let attempt = 1;
  const sessionOf = (request: FakeRequest): { readonly role: string; readonly attempt: number } => {
    const role = roleOf(request);
    if (role === "generator") attempt = Number(/This is attempt (\d+) of/.exec(JSON.stringify(request.body["messages"]))?.[1] ?? 1);
    return { role, attempt: role === "generator" || role === "evaluator" ? attempt : role === "single_agent" ? 1 : 0 };
  };
  const respond = scriptResponder(parseScript(script instanceof ScriptBuilder ? script.build() : script, "the test's"), sessionOf);
  return FakeModelApi.start(
    async (request) => {
      const answer = await respond(request);
      return { ...answer, ...faults.always, ...faults.at?.[request.index] };
    },
    { keys: [KEY], ...options },
  );
}

/** The environment that leads a command line to it. */
export function towards(api: FakeModelApi): Readonly<Record<string, string>> {
  return { ANTHROPIC_BASE_URL: api.url, ANTHROPIC_API_KEY: KEY };
}

function roleOf({ body }: FakeRequest): Role {
  const system = JSON.stringify(body["system"] ?? "");
  const found = ROLES.find((definition) => system.includes(JSON.stringify(definition.system).slice(1, -1)));
  if (found === undefined) throw new Error(`no role has the system prompt ${system.slice(0, 200)}`);
  return found.role;
}
