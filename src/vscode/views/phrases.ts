// Lines of trees and tooltips, put together from parts. Figures are in shared/figures.ts. Pure; no vscode here.

/** `1st`, `2nd`, `3rd`, `11th`. */
export function ordinal(n: number): string {
  const isTeen = n % 100 >= 11 && n % 100 <= 13;
  return `${n}${isTeen ? "th" : (["th", "st", "nd", "rd"][n % 10] ?? "th")}`;
}

/** The parts that say something, as one line. */
export function line(...parts: readonly (string | null | false)[]): string {
  return parts.filter((part) => typeof part === "string" && part !== "").join(" · ");
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Text as Markdown that shows it as it stands: neither links nor images, HTML or icons come of it. */
export function plain(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]()#+\-.!|<>~$&]/g, "\\$&").replaceAll(/\r?\n/g, "  \n");
}
