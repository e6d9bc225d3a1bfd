// The editor's look for buttons, fields and badges, as custom elements. Loaded once the page has been seen: until then
// styles/early.css draws them. Imports nothing of the page.
import "@vscode-elements/elements/dist/vscode-badge/index.js";
import "@vscode-elements/elements/dist/vscode-button/index.js";
import "@vscode-elements/elements/dist/vscode-textfield/index.js";
