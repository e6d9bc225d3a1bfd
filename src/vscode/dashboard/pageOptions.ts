// What a page's webview may do. The same for a new panel, a restored one and the view.
import { Uri, type WebviewOptions } from "vscode";
import type { Host } from "../host";

/** The folder with the page's built files. */
export function webviewFolder({ context }: Pick<Host, "context">): Uri {
  return Uri.joinPath(context.extensionUri, "dist", "webview");
}

/** To be given as a panel is made: other ones given later make the editor set up an empty document first. */
export function pageOptions(host: Pick<Host, "context">): WebviewOptions {
  return { enableScripts: true, enableForms: false, localResourceRoots: [webviewFolder(host)] };
}
