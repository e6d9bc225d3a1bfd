// A program of its own, run inside a sandbox in front of a command: connections to a port of this machine's (the
// sandbox's own) go out through a socket that the host watches. It decides nothing about hosts.
//   bridge SOCKET PROGRAM ARGUMENT…
import { spawn } from "node:child_process";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { proxyVariables } from "./proxyVariables";

const [socketFile = "", program = "", ...args] = process.argv.slice(2);
/** As execvp's words for it. */
const REASONS: Readonly<Record<string, string>> = { ENOENT: "No such file or directory", EACCES: "Permission denied" };

const server = createServer((inner) => {
  const outer = connect(socketFile);
  inner.pipe(outer).pipe(inner);
  for (const [one, other] of [[inner, outer], [outer, inner]] as const) closeWith(one, other);
});
server.listen(0, "127.0.0.1", () => start((server.address() as AddressInfo).port));

// Whoever ends the command asks everybody in here; the sandbox goes with its first program, and that has to be the last.
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => undefined);

function closeWith(one: Socket, other: Socket): void {
  one.on("error", () => other.destroy());
  one.on("close", () => other.destroy());
}

function start(port: number): void {
  const child = spawn(program, args, { stdio: "inherit", env: withProxy(`http://127.0.0.1:${port}`) });
  child.on("error", (error: NodeJS.ErrnoException) => {
    process.stderr.write(`bwrap: execvp ${program}: ${REASONS[error.code ?? ""] ?? error.message}\n`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function withProxy(address: string): NodeJS.ProcessEnv {
  const { ELECTRON_RUN_AS_NODE: _, ...environment } = process.env;
  return { ...environment, ...proxyVariables(address, environment["NO_PROXY"] ?? "") };
}
