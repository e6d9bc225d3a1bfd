// The page's document. Pure; no vscode here. Nothing in it runs but the one script, and nothing comes from anywhere else.
import type { Boot } from "../../shared/protocol";
import type { PageFiles } from "./pageFiles";

export interface PageOptions {
  readonly files: PageFiles;
  /** Another one for every document. */
  readonly nonce: string;
  readonly place: "panel" | "view";
  readonly boot: Boot;
}

export function pageHtml({ files: { script, style, source }, nonce, place, boot }: PageOptions): string {
  const policy = ["default-src 'none'", `script-src 'nonce-${nonce}'`, `style-src 'nonce-${nonce}'`, `font-src ${source}`, "base-uri 'none'", "form-action 'none'"].join("; ");
  // Nothing is fetched before it is shown: the editor hides it until it has loaded. The scripts that this one loads later
  // come with its nonce.
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Countersign</title>
<style nonce="${nonce}">${style}</style>
<script type="application/json" id="boot" nonce="${nonce}">${jsonInScript(boot)}</script>
</head>
<body data-place="${place}">
<div id="app"></div>
<script type="module" nonce="${nonce}">${script}</script>
</body>
</html>
`;
}

/** No text of a task can end the element it stands in. */
function jsonInScript(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}
