// Starts the page: draws what it was born with at once, then says that it runs.
import "@vscode-elements/elements/dist/vscode-badge/index.js";
import "@vscode-elements/elements/dist/vscode-button/index.js";
import "@vscode-elements/elements/dist/vscode-textfield/index.js";
import { render } from "preact";
import { bootFrom, type Boot } from "../src/shared/protocol";
import { App } from "./app";
import { Host } from "./host";
import "./styles/main.css";
import { Store } from "./store/store";

const root = document.getElementById("app");
if (root === null) throw new Error("The page has no place to draw in.");
const store = new Store(new Host(), boot());
window.addEventListener("error", ({ message }) => store.failed(message));
window.addEventListener("unhandledrejection", ({ reason }) => store.failed(String(reason)));
render(<App store={store} />, root);
afterPaint(() => store.painted(performance.now()));

function boot(): Boot | null {
  const text = document.getElementById("boot")?.textContent ?? "";
  return text === "" ? null : bootFrom(JSON.parse(text));
}

/** A frame's callbacks run before it is painted, a task from there after it. */
function afterPaint(callback: () => void): void {
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener("message", () => {
      performance.mark("countersign-painted");
      callback();
    });
    port1.start();
    port2.postMessage(null);
  });
}
