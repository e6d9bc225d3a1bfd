// The strict fake Messages API, answering from a script file: drives a whole run through the real adapter and SDK.
import { loadScript } from "../../src/adapters/model/script";
import type { Role } from "../../src/core/domain/task";
import { contractNegotiator } from "../../src/core/roles/contractNegotiator";
import { evaluator } from "../../src/core/roles/evaluator";
import { generator } from "../../src/core/roles/generator";
import { planner } from "../../src/core/roles/planner";
import { singleAgent } from "../../src/core/roles/singleAgent";
import { FakeModelApi, type FakeRequest } from "../fakes/fakeModelApi";
import { scriptResponder } from "../fakes/fakeModelApiScript";

const ROLES = [planner, contractNegotiator, generator, evaluator, singleAgent];

/** Every role has one session, an attempt's with attempt 1: scripts of runs that pass at once. */
export async function startScriptApi(file: string, key: string): Promise<FakeModelApi> {
  const script = await loadScript(file);
  const sessionOf = (request: FakeRequest): { role: string; attempt: number } => {
    const role = roleOf(request);
    return { role, attempt: role === "generator" || role === "evaluator" || role === "single_agent" ? 1 : 0 };
  };
  return FakeModelApi.start(scriptResponder(script, sessionOf), { keys: [key] });
}

function roleOf({ body }: FakeRequest): Role {
  const system = JSON.stringify(body["system"] ?? "");
  const found = ROLES.find((definition) => system.includes(JSON.stringify(definition.system).slice(1, -1)));
  if (found === undefined) throw new Error(`no role has the system prompt ${system.slice(0, 200)}`);
  return found.role;
}
