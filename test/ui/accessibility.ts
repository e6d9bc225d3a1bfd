// What a screen reader, and a person without a pointer, would stumble over on a page. Rules of our own, after WAI-ARIA:
// names, roles, references and reachability; not colours.
import type { Page } from "playwright-core";

/** One line for each problem. */
export async function accessibilityProblems(page: Page): Promise<readonly string[]> {
  return await page.evaluate<readonly string[]>(`(${RULES})()`);
}

// As text: the page knows neither this module nor what its bundler would add.
const RULES = String.raw`() => {
  const problems = [];
  const all = [...document.querySelectorAll("body *")].filter((one) => one.checkVisibility() || one.classList.contains("sr-only"));
  const told = (one) => "<" + one.tagName.toLowerCase() + ' class="' + one.className + '"> ' + one.outerHTML.slice(0, 120);
  const textOf = (one) => [...one.childNodes].map((node) => node.nodeType === 3 ? node.data : node.nodeType === 1 && node.getAttribute("aria-hidden") !== "true" ? textOf(node) : "").join("").trim();
  const nameOf = (one) => {
    const by = one.getAttribute("aria-labelledby");
    if (by !== null) return by.split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join(" ").trim();
    return (one.getAttribute("aria-label") ?? one.label ?? "").trim() || textOf(one) || (one.getAttribute("title") ?? "").trim();
  };
  const needsName = "button, select, input, vscode-button, vscode-textfield, [role=button], [role=tab], [role=tabpanel], [role=img], [role=meter], [role=region], [role=list], [role=group], [role=search], section, aside";
  for (const one of all.filter((each) => each.matches(needsName))) if (nameOf(one) === "") problems.push("no name: " + told(one));
  for (const one of all) {
    for (const attribute of ["aria-labelledby", "aria-controls", "aria-describedby"]) {
      for (const id of (one.getAttribute(attribute) ?? "").split(" ").filter((each) => each !== "")) if (document.getElementById(id) === null) problems.push(attribute + " names nothing: " + told(one));
    }
    if (one.tabIndex > 0) problems.push("jumps the order of the Tab key: " + told(one));
    if (one.matches("[aria-hidden=true] button, [aria-hidden=true] [tabindex='0']")) problems.push("hidden from readers, yet focusable: " + told(one));
    if (one.matches("button button, button vscode-button, a button")) problems.push("a button within another: " + told(one));
  }
  const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
  for (const id of new Set(ids.filter((each, index) => ids.indexOf(each) !== index))) problems.push("twice the id " + id);
  const inside = { tab: "[role=tablist]", listitem: "[role=list]" };
  for (const [role, parent] of Object.entries(inside)) for (const one of document.querySelectorAll("[role=" + role + "]")) if (one.closest(parent) === null) problems.push(role + " outside of " + parent + ": " + told(one));
  for (const one of document.querySelectorAll("ul, ol")) if ([...one.children].some((child) => child.tagName !== "LI")) problems.push("a list with something else in it: " + told(one));
  for (const one of document.querySelectorAll("dl")) if (one.querySelector("dt") === null || one.querySelector("dd") === null) problems.push("a list of terms without one: " + told(one));
  if (document.querySelectorAll("main").length !== 1) problems.push("not one main part");
  if (document.querySelectorAll("h1").length !== 1) problems.push("not one main heading");
  const levels = [...document.querySelectorAll("h1, h2, h3, h4")].filter((one) => one.checkVisibility()).map(({ tagName }) => Number(tagName[1]));
  levels.forEach((level, index) => { if (index > 0 && level > levels[index - 1] + 1) problems.push("a heading of level " + level + " under one of level " + levels[index - 1]); });
  if (document.documentElement.lang === "") problems.push("no language");
  const scrolled = all.filter((one) => { const style = getComputedStyle(one); return /auto|scroll/.test(style.overflowY) && one.scrollHeight > one.clientHeight + 1; });
  for (const one of scrolled) if (one.tabIndex < 0 && one.querySelector("button, [tabindex='0'], vscode-button") === null) problems.push("scrolled by no key: " + told(one));
  return problems;
}`;
