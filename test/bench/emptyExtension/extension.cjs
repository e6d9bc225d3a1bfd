// The peer of the benchmark's editor rows: an extension with nothing in it, and a panel with one word in it.
const { ViewColumn, commands, window } = require("vscode");

const page = (name) => `<!DOCTYPE html><html lang="en"><head><title>Empty</title></head><body><p data-painted="${name}">Empty</p></body></html>`;

exports.activate = ({ subscriptions }) => {
  subscriptions.push(
    commands.registerCommand("countersign-bench.openPanel", (name) => {
      window.createWebviewPanel("countersign-bench.empty", "Empty", ViewColumn.One, { enableScripts: true }).webview.html = page(name);
    }),
  );
};
