// For a `describe` of the dashboard's page: one browser for all its tests, one page for each, and an eye on what no page
// may do, whatever it shows.
import assert from "node:assert/strict";
import type { Browser, Locator } from "playwright-core";
import type { Page } from "../../src/shared/protocol";
import { launchBrowser } from "../editor/browser";
import { editorPrograms } from "../editor/programs";
import { FakeSource, type FakeDesk } from "../fakes/fakeDesk";
import { PageBench, type BenchOptions } from "./pageBench";

export type OpenPage = (desk: FakeDesk, page: Page, options?: Partial<BenchOptions>) => Promise<PageBench>;

/** A page opened through it is closed after its test. For it, it is a minute after the desk's last event. */
export function usePages(): OpenPage {
  let browser: Browser | null = null;
  let bench: PageBench | null = null;
  before(async () => {
    browser = await launchBrowser(editorPrograms());
  });
  afterEach(async () => {
    const troubles = bench?.troubles ?? [];
    await bench?.close();
    bench = null;
    assert.deepEqual(troubles, [], "violations of the page's policy, errors, and messages that nobody could read");
  });
  after(async () => {
    await browser?.close();
  });
  return async (desk, page, options = {}) => {
    if (browser === null) throw new Error("The browser runs only while the tests of its describe do.");
    const last = desk.journal.at(-1);
    const ahead = last === undefined ? 0 : Date.parse(last.time) + 60_000 - Date.now();
    bench = await PageBench.open({ browser, source: new FakeSource(desk), desk, page, now: () => Date.now() + ahead, ...options });
    return bench;
  };
}

/** What it says, in one line. */
export async function text(locator: Locator): Promise<string> {
  return (await locator.innerText()).replaceAll(/\s+/g, " ").trim();
}

/** How many elements are drawn. */
export function elements({ page }: PageBench): Promise<number> {
  return page.locator("*").count();
}

interface Scrolled {
  scrollTop: number;
  readonly scrollHeight: number;
  readonly clientHeight: number;
}

export function scrollTo(at: Locator, top: number): Promise<void> {
  return at.evaluate((one, to) => {
    (one as unknown as Scrolled).scrollTop = to;
  }, top);
}

export function topOf(at: Locator): Promise<number> {
  return at.evaluate((one) => (one as unknown as Scrolled).scrollTop);
}

/** To be evaluated in the page. */
export function isAtEnd(one: unknown): boolean {
  const { scrollHeight, scrollTop, clientHeight } = one as Scrolled;
  return scrollHeight - scrollTop - clientHeight < 2;
}
