// Prints how long it takes to require some files, in ms of wall and of processor time, in a process that has loaded
// nothing else. `vscode` is a stand-in
// whose every member can be called, constructed and extended.
const Module = require("node:module");

const standIn = new Proxy(class {}, {
  get: (target, name) => (name in target ? target[name] : standIn),
  apply: () => standIn,
});
const load = Module._load;
Module._load = (request, ...rest) => (request === "vscode" ? standIn : load.call(Module, request, ...rest));

const startedAt = performance.now();
const before = process.cpuUsage();
for (const file of process.argv.slice(2)) require(file);
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ ms: performance.now() - startedAt, cpuMs: (user + system) / 1000 }));
