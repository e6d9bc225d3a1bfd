// The files of the page as its document takes them. Script and styles stand in the document itself: fetched one by one
// through the editor they would cost a third of the time until something is seen. No vscode here.
import { readFileSync } from "node:fs";
import path from "node:path";

export interface PageFiles {
  /** Text of the script. */
  readonly script: string;
  /** Text of the style sheet. */
  readonly style: string;
  /** What the content security policy calls the origin of what is fetched. */
  readonly source: string;
}

/** What the script fetches by itself, once the page has been seen. */
const LATER = ["./drawChart.js", "./elements.js", "./codicon.ttf"];

/** Reads the built files in `folder`; `address` tells where the page finds one of them. */
export function pageFiles(folder: string, address: (name: string) => string, source: string): PageFiles {
  const text = (name: string): string => readFileSync(path.join(folder, name), "utf8");
  const script = LATER.reduce((known, name) => withAddress(known, name, address), text("main.js"));
  return { script, style: text("main.css"), source };
}

/** A document of the editor's has no folder that names could be relative to. */
function withAddress(text: string, name: string, address: (name: string) => string): string {
  const quoted = JSON.stringify(name);
  if (!text.includes(quoted)) throw new Error(`The dashboard's files do not fit together: ${name} is not named in them.`);
  return text.replaceAll(quoted, () => JSON.stringify(address(name)));
}
