// A bench for tools: files in memory, commands from a script, and a way to call a tool by its name.
import { strict as assert } from "node:assert";
import type { GraphReader } from "../../src/core/ports/knowledgeGraph";
import type { Tool, ToolContext, ToolOutcome } from "../../src/core/tools/tool";
import { ALL_TOOLS } from "../../src/core/tools/toolSets";
import { MemoryFileTree } from "../fakes/memoryFileTree";
import { ScriptedCommandRunner, type ScriptedCommand } from "../fakes/scriptedCommandRunner";

export interface ToolBench {
  readonly files: MemoryFileTree;
  readonly commands: ScriptedCommandRunner;
  readonly shown: string[];
  readonly call: (name: string, input: unknown) => Promise<ToolOutcome>;
}

export function toolNamed(name: string): Tool {
  const tool = ALL_TOOLS.find((candidate) => candidate.name === name);
  assert.ok(tool !== undefined);
  return tool;
}

export function aToolBench(
  contents: Readonly<Record<string, string | Buffer>> = {},
  script: Readonly<Record<string, ScriptedCommand>> = {},
  graph?: GraphReader,
): ToolBench {
  const files = new MemoryFileTree(contents, { aliases: ["/home/u/repo"] });
  const commands = new ScriptedCommandRunner(script);
  const shown: string[] = [];
  const context: ToolContext = {
    files,
    commands,
    ...(graph === undefined ? {} : { graph }),
    signal: new AbortController().signal,
    outputFile: (name) => `/plans/t/sessions/${name}.log`,
    onOutput: (text) => void shown.push(text),
  };
  return { files, commands, shown, call: (name, input) => toolNamed(name).run(input, context) };
}
