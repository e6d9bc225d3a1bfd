// How the syntax of a file is checked: by the language's own tool, or here where it is data. Pure.
import { parseAllDocuments } from "yaml";
import { messageOf } from "./errors";

export type SyntaxCheckWay =
  | { readonly kind: "command"; readonly run: string }
  | { readonly kind: "data"; readonly format: "JSON" | "YAML" }
  /** No tool that only reads the file is known. */
  | { readonly kind: "none" };

const TOOLS: Readonly<Record<string, string>> = {
  js: "node --check",
  mjs: "node --check",
  cjs: "node --check",
  py: "python3 -m py_compile",
  rb: "ruby -c",
  sh: "bash -n",
  bash: "bash -n",
  php: "php -l",
  go: "gofmt -e -l",
};

export function syntaxCheckOf(path: string): SyntaxCheckWay {
  const [, ending = ""] = /\.([a-z]+)$/i.exec(path) ?? [];
  const name = ending.toLowerCase();
  if (name === "json") return { kind: "data", format: "JSON" };
  if (name === "yaml" || name === "yml") return { kind: "data", format: "YAML" };
  const tool = Object.hasOwn(TOOLS, name) ? TOOLS[name] : undefined;
  return tool === undefined ? { kind: "none" } : { kind: "command", run: `${tool} ${quotedPath(path)}` };
}

/** A path is no option, whatever it begins with, and one word to every shell. */
function quotedPath(path: string): string {
  return `'./${path.replace(/^(?:\.\/)+/, "").replaceAll("'", "'\\''")}'`;
}

/** Why a text of this format cannot be read, as a clause; null where it can. */
export function dataSyntaxProblem(path: string, format: "JSON" | "YAML", text: string): string | null {
  try {
    if (format === "JSON") {
      JSON.parse(text.replace(/^\ufeff/, ""));
      return null;
    }
    const [error] = parseAllDocuments(text).flatMap((document) => document.errors);
    return error === undefined ? null : `${path} is no valid YAML: ${firstLine(error.message)}`;
  } catch (error) {
    return `${path} is no valid ${format}: ${firstLine(messageOf(error))}`;
  }
}

function firstLine(text: string): string {
  return (text.split("\n", 1)[0] ?? "").slice(0, 160);
}
