// Reads a command line into the simple commands in it, wherever they stand, and what speaks against running it unasked.
// It decides nothing and runs nothing.
import { forEachChild, parse, type Assignment, type Command, type Redirection, type Script, type SyntaxNode, type Word } from "unbash";
import { literalWord, shellWord, type Assigned, type ShellWord } from "./shellWord";

export interface ShellAssignment {
  readonly name: string;
  /** Null where it is no plain `NAME=value`: an array, an element of one, an addition. */
  readonly value: ShellWord | null;
}

export interface ShellRedirect {
  readonly operator: string;
  /** Null for here-documents, and where it is missing. */
  readonly target: ShellWord | null;
  /** False where the shell chooses the descriptor, or not every shell reads the number as one. */
  readonly plainDescriptor: boolean;
}

export interface SimpleCommand {
  /** Program and arguments; empty for bare assignments and redirections. */
  readonly words: readonly ShellWord[];
  readonly assignments: readonly ShellAssignment[];
  readonly redirects: readonly ShellRedirect[];
  /** Texts that it gets on its standard input, as far as they stand in the command line. */
  readonly input: readonly string[];
  /** What its output goes to is the next one. */
  readonly from: SimpleCommand | null;
  /** What it stands in, such as `$(…)`; null on the surface. */
  readonly inside: string | null;
}

export interface ShellReading {
  readonly commands: readonly SimpleCommand[];
  /** Redirections of groups, loops and subshells. */
  readonly redirects: readonly ShellRedirect[];
  /** Why this cannot be allowed, whatever is covered; each a sentence without its full stop. */
  readonly doubts: readonly string[];
  readonly assigned: Assigned;
  /** Syntax in it that bash and POSIX shells read differently. */
  readonly dialects: ReadonlySet<Dialect>;
}

type Dialect = "ansiQuotes" | "localeQuotes" | "test" | "arithmetic";

/** UTF-16 code units. Longer command lines are asked about unread: nobody could check them at a glance either. */
export const LONGEST_COMMAND = 16_384;

/** Deeper than anything a person could check; keeps the walk off the end of the stack. */
const DEEPEST = 400;

/** Never throws for any text of a sensible length: what is malformed becomes a doubt. */
export function readShell(source: string): ShellReading {
  const reader = new Reader();
  reader.visit(parse(source), null, 0);
  return reader.reading();
}

/** The same text as a shell reads it that does not know the bash syntax found in `reading`; null where there is none. */
export function readAsPosixShell(source: string, reading: ShellReading): ShellReading | null {
  let spelled = source;
  // By functions, as "$'" has a meaning of its own in the text of a replacement.
  if (reading.dialects.has("ansiQuotes")) spelled = spelled.replaceAll("$'", () => "\\$'");
  if (reading.dialects.has("localeQuotes")) spelled = spelled.replaceAll('$"', () => '\\$"');
  if (reading.dialects.has("test")) spelled = spelled.replaceAll("[[", () => "\\[[");
  if (reading.dialects.has("arithmetic")) spelled = spelled.replace(/(?<!\$)\(\(/g, "( (");
  return spelled === source ? null : readShell(spelled);
}

class Reader {
  private readonly commands: SimpleCommand[] = [];
  private readonly redirects: ShellRedirect[] = [];
  private readonly doubts = new Set<string>();
  private readonly assigned = new Map<string, string[]>();
  private readonly dialects = new Set<Dialect>();

  reading(): ShellReading {
    const { commands, redirects, assigned, dialects } = this;
    return { commands, redirects, doubts: [...this.doubts], assigned, dialects };
  }

  visit(node: SyntaxNode, inside: string | null, depth: number): void {
    if (depth > DEEPEST) {
      this.doubts.add("It is nested too deep to be read");
      return;
    }
    const doubt = doubtOf(node);
    if (doubt !== null) this.doubts.add(doubt);
    this.noteDialect(node);
    const within = placeOf(node) ?? inside;
    if (node.type === "Pipeline") return this.visitPipeline(node.commands, within, depth);
    if (node.type === "Command") this.commands.push(this.simpleCommand(node, within, null));
    if (node.type === "Redirected") this.redirects.push(...node.redirects.map(redirectOf));
    if (node.type === "Assignment") this.assign(node.name, node.value.type === "Word" ? [node.value] : node.value.elements);
    if (node.type === "For") this.assign(node.name.value, node.wordlist ?? []);
    forEachChild(node, (child) => this.visit(child, within, depth + 1));
  }

  private visitPipeline(stages: readonly SyntaxNode[], inside: string | null, depth: number): void {
    let from: SimpleCommand | null = null;
    for (const stage of stages) {
      if (stage.type !== "Command") {
        this.visit(stage, inside, depth + 1);
        from = null;
        continue;
      }
      from = this.simpleCommand(stage, inside, from);
      this.commands.push(from);
      forEachChild(stage, (child) => this.visit(child, inside, depth + 1));
    }
  }

  private simpleCommand(node: Command, inside: string | null, from: SimpleCommand | null): SimpleCommand {
    const args = node.args.map((arg) => (arg.type === "Word" ? shellWord(arg) : declaredWord(arg)));
    const prefixes = node.prefix.filter((item) => item.type === "Assignment");
    return {
      words: node.name === undefined ? args : [shellWord(node.name), ...args],
      assignments: prefixes.map(assignmentOf),
      redirects: node.redirects.map(redirectOf),
      input: node.redirects.flatMap(inputOf),
      from,
      inside,
    };
  }

  private assign(name: string, values: readonly Word[]): void {
    const known = this.assigned.get(name) ?? [];
    this.assigned.set(name, [...known, ...values.map((value) => shellWord(value).value)].slice(0, 8));
  }

  private noteDialect(node: SyntaxNode): void {
    if (node.type === "AnsiCQuoted") this.dialects.add("ansiQuotes");
    if (node.type === "LocaleString") this.dialects.add("localeQuotes");
    if (node.type === "TestCommand") this.dialects.add("test");
    if (node.type === "ArithmeticCommand" || node.type === "ArithmeticFor") this.dialects.add("arithmetic");
  }
}

function assignmentOf(node: Assignment): ShellAssignment {
  const plain = node.value.type === "Word" && node.index === undefined && node.append !== true;
  return { name: node.name, value: plain && node.value.type === "Word" ? shellWord(node.value) : null };
}

/** `NAME=value` as an argument, as of `export`. */
function declaredWord(node: Assignment): ShellWord {
  if (node.value.type !== "Word") return { ...literalWord(node.text), exact: false, single: false };
  const value = shellWord(node.value);
  const before = literalWord(`${node.name}=`);
  return { ...value, source: node.text, value: before.value + value.value, lead: before.value + value.lead, glob: null, pieces: [...before.pieces, ...value.pieces] };
}

function redirectOf(node: Redirection): ShellRedirect {
  const { descriptor, operator } = node;
  const plainDescriptor = descriptor === undefined || (descriptor.type === "FileDescriptor" && descriptor.value <= 9);
  const target = node.type === "HereDoc" || node.target === undefined ? null : shellWord(node.target);
  return { operator, target, plainDescriptor };
}

function inputOf(node: Redirection): readonly string[] {
  if (node.type === "HereDoc") return [node.body.text];
  return node.type === "HereString" && node.target !== undefined ? [shellWord(node.target).value] : [];
}

/** What a person should call the place that commands of this node stand in. */
function placeOf(node: SyntaxNode): string | null {
  if (node.type === "CommandExpansion" || node.type === "ArithmeticCommandExpansion") return node.text.startsWith("`") ? "`…`" : "$(…)";
  if (node.type === "ProcessSubstitution") return `${node.operator}(…)`;
  return node.type === "Function" ? "a function" : null;
}

function doubtOf(node: SyntaxNode): string | null {
  switch (node.type) {
    case "Script":
      return errorIn(node);
    case "Statement":
      return node.background === true ? "It leaves a command running in the background (&)" : null;
    case "CommandExpansion":
    case "ArithmeticCommandExpansion":
      return `It puts the output of another command into this one: ${shortened(node.text)}`;
    case "ProcessSubstitution":
      return `It runs another command beside this one: ${shortened(node.text)}`;
    case "ArithmeticExpansion":
    case "ArithmeticCommand":
    case "ArithmeticFor":
      return "Shell arithmetic can run commands";
    case "TestCommand":
      return "[[ … ]] means something else in other shells and can run commands";
    case "ExtendedGlob":
    case "LocaleString":
      return `Not every shell reads ${shortened(node.text)} in the same way`;
    case "ParameterExpansion":
      return node.operation === undefined && node.prefix === undefined && node.index === undefined ? null : `${shortened(node.text)} is computed when it runs`;
    case "HereDoc":
    case "HereString":
      return `It feeds a text to a command (${node.operator})`;
    case "Function":
      return `It defines the function ${shortened(node.name.text)}`;
    case "For":
      return isPlainVariable(node.name.value) ? null : `It sets ${shortened(node.name.text)}`;
    case "Case":
    case "Select":
    case "Coproc":
      return `It uses "${node.type.toLowerCase()}", which is not looked into`;
    default:
      return null;
  }
}

/** A loop's variable that no program or shell takes notice of. */
function isPlainVariable(name: string): boolean {
  return /^[a-z][a-z0-9_]{0,30}$/.test(name) && !name.includes("proxy");
}

function errorIn(script: Script & { readonly errors?: readonly { readonly message: string }[] | undefined }): string | null {
  const [first] = script.errors ?? [];
  return first === undefined ? null : `It is no complete command: ${first.message}`;
}

const LONGEST_QUOTE = 60;

/** For messages: one line, and short. */
export function shortened(text: string): string {
  const line = text.replace(/\\\n/g, " ").replace(/\s+/g, " ").trim();
  return line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE - 1)}…` : line;
}
