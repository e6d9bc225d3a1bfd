// One window of the real workbench, in the words of a user: commands, trees, notifications, editors, webviews.
// Every method waits for what it needs, at most 30 s, and fails with the words that were looked for.
import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Frame, Locator, Page } from "playwright-core";
import { until } from "../editor/until";

/** For a busy machine: nothing takes a tenth of it on an idle one. */
const LIMIT_MS = 30_000;
/** The list of commands is made when the palette opens: one that registers later needs it opened anew. */
const PALETTE_TRY_MS = 3_000;
const SETTLE_MS = 5_000;
/** Less than the smallest view is high. */
const SCROLL_PX = 44;
const FAR_PX = 100_000;

const THEMES = {
  light: { label: "Light Modern", file: "light_modern" },
  dark: { label: "Dark Modern", file: "dark_modern" },
  highContrast: { label: "Dark High Contrast", file: "hc_black" },
  highContrastLight: { label: "Light High Contrast", file: "hc_light" },
} as const;

export type ThemeName = keyof typeof THEMES;

export class EditorWindow {
  constructor(readonly page: Page) {
    page.setDefaultTimeout(LIMIT_MS);
  }

  /** Opens the address and waits until the workbench is drawn and the extension host has started. */
  async open(url: string): Promise<void> {
    await this.page.goto(url);
    await this.#isReady();
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.#isReady();
  }

  async #isReady(): Promise<void> {
    await this.page.locator(".monaco-workbench").waitFor();
    // It has its label from the moment in which the window is connected.
    await this.page.locator(".part.statusbar .statusbar-item").first().waitFor();
    await this.page.locator(".part.activitybar .action-item, .part.sidebar .composite-bar .action-item").first().waitFor();
  }

  /** Runs a command by its full title in the palette, such as "Countersign: New Task". */
  async runCommand(title: string): Promise<void> {
    await until(`the command "${title}" is in the palette and can be chosen`, async () => {
      await this.page.keyboard.press("Escape");
      await this.page.keyboard.press("F1");
      const input = this.quickInput.locator("input.input");
      await input.fill(`>${title}`);
      return await succeeds(() => labelled(this.quickInput.locator(".monaco-list-row"), title).first().click({ timeout: PALETTE_TRY_MS }));
    });
  }

  /** The box in which VS Code asks: palette, quick pick and input box. */
  get quickInput(): Locator {
    return this.page.locator(".quick-input-widget:visible");
  }

  /** Waits for an input box or quick pick with this title or placeholder, if given, and types into it. */
  async type(text: string, asked?: string | RegExp): Promise<void> {
    if (asked !== undefined) await this.asksFor(asked);
    await this.quickInput.locator("input.input").fill(text);
  }

  /** Waits until the quick input says `asked` in its title, placeholder or message. */
  async asksFor(asked: string | RegExp): Promise<void> {
    const isAsked = (text: string): boolean => (typeof asked === "string" ? text.includes(asked) : asked.test(text));
    await until(`VS Code asks for ${String(asked)}`, async () => {
      if ((await this.quickInput.count()) === 0) return false;
      const input = this.quickInput.locator("input.input");
      const texts = [await this.quickInput.innerText(), await input.getAttribute("placeholder"), await input.getAttribute("aria-label")];
      return texts.some((text) => isAsked(text ?? ""));
    });
  }

  /** Accepts what is typed or focused in the quick input. */
  async accept(): Promise<void> {
    await this.quickInput.locator("input.input").press("Enter");
  }

  /** Chooses an entry of the open quick pick; in one with check boxes it toggles the entry. */
  async pick(label: string | RegExp): Promise<void> {
    await labelled(this.quickInput.locator(".monaco-list-row"), label).first().click();
  }

  /** Opens a container of the activity bar by its name, such as "Countersign"; does nothing where it is open. */
  async openContainer(name: string): Promise<void> {
    const tab = this.activityBarItem(name);
    await tab.waitFor();
    const title = this.page.locator(".part.sidebar").getByText(name, { exact: true }).first();
    // A window that is being restored may open it by itself at the moment of the click, which then closes it again.
    await until(`${name} is open`, async () => {
      if (!(await title.isVisible())) await tab.click();
      return await title.waitFor({ timeout: SETTLE_MS }).then(() => true, () => false);
    });
  }

  activityBarItem(name: string): Locator {
    const label = this.page.locator(`a.action-label[aria-label="${name}"], a.action-label[aria-label^="${name} ("], a.action-label[aria-label^="${name} - "]`);
    return this.page.locator(".part.activitybar .action-item").filter({ has: label });
  }

  /** A view of a side bar by its title, such as "Tasks". */
  view(title: string): Locator {
    const header = this.page.locator(".pane-header").filter({ has: this.page.locator(".title", { hasText: exactly(title) }) });
    return this.page.locator(".split-view-view .pane").filter({ has: header });
  }

  /** A row of a view's tree by its label, without its description. Rows that are scrolled out do not exist. */
  treeItem(view: string, label: string | RegExp): Locator {
    return labelled(this.view(view).locator(".monaco-list-row"), label).first();
  }

  /** The row, scrolled to where it is not wholly in view: in a small window a view shows few of its rows. */
  async revealedItem(view: string, label: string | RegExp): Promise<Locator> {
    const item = this.treeItem(view, label);
    const list = this.view(view).locator(".monaco-list").first();
    const scroll = async (by: number): Promise<void> => {
      await list.hover();
      await this.page.mouse.wheel(0, by);
    };
    await list.waitFor();
    if (!(await isWithin(item, list))) await scroll(-FAR_PX);
    await until(`${view} shows ${String(label)}`, async () => {
      if (await isWithin(item, list)) return true;
      await scroll(SCROLL_PX);
      return false;
    });
    return item;
  }

  async expand(item: Locator): Promise<void> {
    await item.waitFor();
    if ((await item.getAttribute("aria-expanded")) === "false") await item.locator(".monaco-tl-twistie").click();
    await until("the row is open", async () => (await item.getAttribute("aria-expanded")) === "true");
  }

  /** Clicks one of the buttons that a row shows under the pointer, by the button's title. */
  async inlineAction(item: Locator, title: string): Promise<void> {
    await item.hover();
    await item.locator(`.actions .action-label[aria-label="${title}"], .actions .action-label[aria-label^="${title} ("]`).click();
  }

  /** Opens the context menu of an element and chooses an entry. */
  async contextMenu(element: Locator, entry: string): Promise<void> {
    await element.click({ button: "right" });
    const found = this.page.locator(`.monaco-menu .action-label[aria-label="${entry}"]`);
    await found.waitFor();
    // A menu does not listen yet in the moment in which it appears; once an entry is chosen it is gone.
    await until(`"${entry}" is chosen`, async () => {
      await succeeds(() => found.click({ timeout: PALETTE_TRY_MS }));
      return (await found.count()) === 0;
    });
  }

  /** A notification whose message contains the text. Those of lower weight go by themselves after some seconds. */
  notification(text: string | RegExp): Locator {
    return this.page.locator(".notification-list-item").filter({ hasText: text }).first();
  }

  async answerNotification(text: string | RegExp, button: string): Promise<void> {
    const notification = this.notification(text);
    await notification.waitFor();
    await notification.hover();
    await notification.locator(".monaco-button", { hasText: exactly(button) }).click();
  }

  /** Presses a button of the modal dialog that contains the text. */
  async answerDialog(text: string | RegExp, button: string): Promise<void> {
    const dialog = this.page.locator(".monaco-dialog-box").filter({ hasText: text });
    await dialog.locator(".monaco-button", { hasText: exactly(button) }).click();
  }

  statusBarItem(text: string | RegExp): Locator {
    return this.page.locator(".part.statusbar .statusbar-item").filter({ hasText: text }).first();
  }

  /** An editor's tab by its label; a pattern is held against the label and what follows it for screen readers. */
  tab(label: string | RegExp): Locator {
    const name = typeof label === "string" ? new RegExp(`^${escaped(label)}(,|$)`) : label;
    return this.page.locator(".part.editor").getByRole("tab", { name }).first();
  }

  /** What the active text editor shows: the lines in view, of a diff editor those of its right side. */
  async editorText(): Promise<string> {
    const editors = this.page.locator(".part.editor .editor-group-container.active .monaco-editor[role=code]");
    const lines = await editors.last().locator(".view-line").evaluateAll((found) =>
      (found as { readonly offsetTop: number; readonly textContent: string }[]).toSorted((a, b) => a.offsetTop - b.offsetTop).map((line) => line.textContent),
    );
    return lines.join("\n").replaceAll("\u00a0", " ");
  }

  /** Waits until the active text editor shows the text. */
  async editorShows(text: string | RegExp): Promise<void> {
    const isThere = (shown: string): boolean => (typeof text === "string" ? shown.includes(text) : text.test(shown));
    await until(`the editor shows ${String(text)}`, async () => isThere(await this.editorText()));
  }

  /** Opens a file of the workspace by its name or the end of its path. */
  async openFile(name: string): Promise<void> {
    await this.page.keyboard.press("Control+P");
    await this.type(name);
    await this.quickInput.locator(".monaco-list-row").filter({ hasText: name.split("/").at(-1) ?? name }).first().click();
    await this.tab(name.split("/").at(-1) ?? name).waitFor();
  }

  /** The document of the webview, panel or view, in which `selector` matches; it lies two frames deep. */
  async webview(selector: string): Promise<Frame> {
    return await until(`a webview shows ${selector}`, async () => {
      for (const frame of this.page.frames()) {
        if ((frame.parentFrame()?.parentFrame() ?? null) === null) continue;
        // A frame may go while it is looked at.
        if (await succeeds(async () => must((await frame.locator(selector).count()) > 0))) return frame;
      }
      return undefined;
    });
  }

  /** Chooses one of VS Code's own colour themes as a user does, and waits until it is drawn. */
  async chooseTheme(theme: ThemeName): Promise<void> {
    const { label, file } = THEMES[theme];
    await this.runCommand("Preferences: Color Theme");
    await this.type(label, "Select Color Theme");
    await this.pick(label);
    await this.page.locator(`.monaco-workbench[class*="themes-${file}-json"]`).waitFor();
  }

  async resize(width: number, height: number): Promise<void> {
    await this.page.setViewportSize({ width, height });
  }

  /** A picture without pointer, caret and running animations, taken when nothing loads or moves any more, or after 5 s. */
  async screenshot(file: string): Promise<void> {
    await this.page.mouse.move(0, 0);
    const busy = this.page.locator('.monaco-progress-container.active:visible, .statusbar-item:has-text("Activating Extensions")');
    await succeeds(() => until("nothing loads any more", async () => (await busy.count()) === 0, SETTLE_MS).then(must));
    const picture = (): Promise<Buffer> => this.page.screenshot({ caret: "hide", animations: "disabled" });
    let latest = await picture();
    const isStill = async (): Promise<boolean> => {
      const before = latest;
      latest = await picture();
      return before.equals(latest);
    };
    await succeeds(() => until("nothing moves any more", isStill, SETTLE_MS).then(must));
    writeFileSync(file, latest);
  }
}

/** Rows and entries whose label is the given one. Of a file's name VS Code draws the extension as an element of its own. */
function labelled(rows: Locator, label: string | RegExp): Locator {
  const part = (selector: string, hasText: RegExp): { has: Locator } => ({ has: rows.page().locator(selector, { hasText }) });
  const name = ".label-name, .monaco-highlighted-label";
  if (typeof label !== "string") return rows.filter(part(name, label));
  const whole = rows.filter(part(name, exactly(label)));
  const { name: stem, ext } = path.parse(label);
  return ext === "" ? whole : whole.or(rows.filter(part(".label-name", exactly(stem))).filter(part(".label-suffix", exactly(ext))));
}

function exactly(text: string): RegExp {
  return new RegExp(`^\\s*${escaped(text)}\\s*$`);
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

async function isWithin(inner: Locator, outer: Locator): Promise<boolean> {
  if ((await inner.count()) === 0) return false;
  const boxOf = (one: Locator): Promise<{ readonly y: number; readonly height: number } | null> => one.boundingBox({ timeout: PALETTE_TRY_MS }).catch(() => null);
  const [a, b] = [await boxOf(inner), await boxOf(outer)];
  return a !== null && b !== null && a.y >= b.y && a.y + a.height <= b.y + b.height;
}

function must(condition: boolean): void {
  if (!condition) throw new Error("not yet");
}

async function succeeds(action: () => Promise<void>): Promise<boolean> {
  try {
    await action();
    return true;
  } catch {
    // The caller tries again until its own limit.
    return false;
  }
}
