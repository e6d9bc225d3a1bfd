// Asks what shall be done: one line or many. An input box has one line, so what is pasted keeps its lines behind it, and
// a button opens a document to write in.
import { QuickInputButtons, ThemeIcon, UIKind, env, window } from "vscode";
import { messageOf } from "../../core/domain/errors";
import { backButton, shown, type AskOptions, type Left } from "../ask";
import type { Host } from "../host";
import { flatten, withLines } from "./lines";

export interface TextOptions extends AskOptions {
  /** What was written before. */
  readonly text: string;
  /** Said below the box. */
  readonly hint: string;
  readonly example: string;
}

export type TextAnswer =
  | { readonly kind: "written"; readonly text: string }
  /** To be written in a document. */
  | { readonly kind: "document"; readonly text: string }
  | (Left & { readonly text: string });

const IN_DOCUMENT = { iconPath: new ThemeIcon("edit"), tooltip: "Write it in an editor, over several lines" };

export async function askText(host: Host, options: TextOptions): Promise<TextAnswer> {
  const box = window.createInputBox();
  box.title = options.title;
  box.step = options.place?.step;
  box.totalSteps = options.place?.of;
  box.placeholder = options.example;
  box.value = flatten(options.text);
  box.ignoreFocusOut = true;
  box.buttons = [...backButton(options), IN_DOCUMENT];
  const originals = new Originals(host, options.text);
  const show = (): void => {
    const lines = originals.in(box.value).split("\n").length;
    box.prompt = lines > 1 ? `${options.hint} It has ${lines} lines, which are kept.` : options.hint;
  };
  originals.onMore = show;
  show();
  const answer = await shown<TextAnswer | { readonly kind: "back" }>(box, (end) => [
    box.onDidChangeValue((value) => {
      box.validationMessage = undefined;
      originals.typed(value);
      show();
    }),
    box.onDidAccept(() => {
      if (box.value.trim() === "") box.validationMessage = "Say what shall be done.";
      else originals.settled().then(() => end({ kind: "written", text: originals.in(box.value) }), () => undefined);
    }),
    box.onDidTriggerButton((button) => end(button === QuickInputButtons.Back ? { kind: "back" } : { kind: "document", text: originals.in(box.value) })),
  ]);
  return answer.kind === "back" || answer.kind === "left" ? { kind: answer.kind, text: originals.in(originals.last) } : answer;
}

/** Texts of several lines that may be in the box without their line breaks. */
class Originals {
  readonly #texts: string[];
  #reading: Promise<void> = Promise.resolve();
  /** What the box held at last; it is gone with the box. */
  last: string;
  onMore: () => void = () => undefined;

  constructor(
    private readonly host: Host,
    text: string,
  ) {
    this.#texts = [text];
    this.last = flatten(text);
  }

  in(value: string): string {
    return withLines(value, this.#texts);
  }

  /** More than a letter at once was pasted: then the clipboard holds it as it was. */
  typed(value: string): void {
    // A browser asks for leave to read the clipboard, and the person who pasted a line would not know why.
    const isPasted = value.length > this.last.length + 1 && env.uiKind === UIKind.Desktop;
    this.last = value;
    if (isPasted) this.#reading = this.#reading.then(() => this.#readClipboard());
  }

  settled(): Promise<void> {
    return this.#reading;
  }

  async #readClipboard(): Promise<void> {
    try {
      this.#texts.push(await env.clipboard.readText());
      this.onMore();
    } catch (error) {
      this.host.log.debug(`The clipboard could not be read, so a pasted text is one line: ${messageOf(error)}`);
    }
  }
}
