// Starts the page: draws what it was born with at once, says that it runs, and loads the rest once that was seen.
import { render } from "preact";
import { bootFrom, type Boot } from "../src/shared/protocol";
import { App } from "./app";
import { Host } from "./host";
import { loadIconFont } from "./parts/iconFont";
import { onFirstPaint, whenSeen } from "./parts/seen";
import "./styles/main.css";
import { Store } from "./store/store";

const root = document.getElementById("app");
if (root === null) throw new Error("The page has no place to draw in.");
const store = new Store(new Host(), boot());
window.addEventListener("error", ({ message }) => store.failed(message));
window.addEventListener("unhandledrejection", ({ reason }) => store.failed(String(reason)));
render(<App store={store} />, root);
performance.mark("countersign-drawn", { detail: root.querySelectorAll(".task-row").length });
onFirstPaint((ms) => store.painted(ms));
whenSeen()
  .then(() => Promise.all([loadIconFont(), import("./parts/elements")]))
  .catch((error: unknown) => store.failed(`The page is not as it should look: ${String(error)}`));

function boot(): Boot | null {
  const text = document.getElementById("boot")?.textContent ?? "";
  return text === "" ? null : bootFrom(JSON.parse(text));
}
