// What a tool is. A tool failure is a result, never an exception; output is bounded before it reaches a model.
import type { CommandRunner } from "../ports/commandRunner";
import type { FileTree } from "../ports/fileTree";
import type { GraphReader } from "../ports/knowledgeGraph";
import type { JsonSchema } from "../ports/modelClient";

export interface ToolContext {
  readonly files: FileTree;
  readonly commands: CommandRunner;
  /** Of the user's tree; missing where there is none. */
  readonly graph?: GraphReader;
  readonly signal: AbortSignal;
  /** Absolute path for the full output of the n-th command of this session. */
  readonly outputFile: (name: string) => string;
  readonly onOutput: (text: string) => void;
}

export interface ToolOutcome {
  readonly ok: boolean;
  /** What the model gets. */
  readonly text: string;
  /** One line for a person, e.g. `60 lines` or `exit 1`. */
  readonly summary: string;
}

export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  /** Nothing outside the model's context changes: calls may run in parallel, before the turn ends, and be repeated. */
  readonly readOnly: boolean;
  /** Running it twice leaves the same as running it once, or fails without an effect: safe after an interruption. */
  readonly repeatable: boolean;
  /** One line for a person saying what is about to be done, e.g. `src/cli.js 1–60`. Must stand any input. */
  describe(input: unknown): string;
  /** Never rejects; wrong input is an outcome that says what is wrong. */
  run(input: unknown, context: ToolContext): Promise<ToolOutcome>;
}
