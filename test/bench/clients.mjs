// How each client is started on the benchmark's session: arguments, environment, and what it calls its reading tool.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const MODEL = "claude-sonnet-4-5";
export const CLI = path.resolve(import.meta.dirname, "../../dist/cli.cjs");
const PEER_PACKAGE = "@mariozechner/pi-coding-agent";
const PEER = path.join(import.meta.dirname, "node_modules", PEER_PACKAGE, "dist/cli.js");

export const countersign = {
  name: "countersign",
  toolCall: (file) => ({ name: "read_file", input: { path: file } }),
  prepare({ prompt, home, url }) {
    const args = [CLI, "run", prompt, "--type", "single_agent", "--category", "DISPATCH", "--model", MODEL];
    const env = { ANTHROPIC_BASE_URL: url, COUNTERSIGN_CACHE_DIR: path.join(home, "cache") };
    return { args, env };
  },
};

export const pi = {
  name: "pi",
  toolCall: (file) => ({ name: "read", input: { path: file } }),
  prepare({ prompt, home, url }) {
    const agentFolder = path.join(home, "agent");
    mkdirSync(agentFolder);
    writeFileSync(path.join(agentFolder, "models.json"), JSON.stringify({ providers: { anthropic: { baseUrl: url } } }));
    const args = [PEER, "-p", "--no-session", "--provider", "anthropic", "--model", MODEL, prompt];
    return { args, env: { PI_CODING_AGENT_DIR: agentFolder, PI_OFFLINE: "1", PI_TELEMETRY: "0" } };
  },
};

/** In the version that is asked for. */
export function peerIsInstalled() {
  const { dependencies } = JSON.parse(readFileSync(path.join(import.meta.dirname, "package.json"), "utf8"));
  const manifest = path.join(import.meta.dirname, "node_modules", PEER_PACKAGE, "package.json");
  return existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).version === dependencies[PEER_PACKAGE];
}
