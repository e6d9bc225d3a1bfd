// Filters that git runs when it checks files out and takes them in: which of them may run in a checkout that agents
// write in. Pure.

/** `filter.<name>.clean` and its like, as `git config --list` prints them. */
export const FILTER_KEY = /^filter\.([^]+)\.(clean|smudge|process|required)$/;

/** Tools that people know, as their installers write them: they run nothing of the checkout, whoever set them up and when. */
const KNOWN = /^"?git(?:-| )(?:lfs|crypt|annex)"?(?: [\w-]+)*(?: -- ?%f| "?%f"?)?$/;
/** Programs that run what they find in their working folder, or what their arguments say. */
const RUNNERS =
  /^(?:(?:ba|da|k|z|fi)?sh|env|exec|eval|xargs|sudo|python[\d.]*|py|node|deno|bunx?|npx|npm|pnpm|yarn|tsx|perl|ruby|php|lua|java|dotnet|make|just|rake|bundle|poetry|uvx?|pipx?|pipenv|cargo|go|docker)(?:\.exe|\.cmd)?$/;
const SCRIPT = /\.(?:sh|bash|py|[cm]?[jt]s|rb|pl|php|lua|awk|sed|jar|exe|cmd|bat|ps1)$/i;
const ABSOLUTE = /^(?:[/\\~$%]|[a-z]:)/i;

export interface Driver {
  readonly name: string;
  /** clean, smudge and process, those that are set. */
  readonly commands: readonly string[];
}

/** By name, in the order of their first setting. */
export function driversIn(settings: ReadonlyMap<string, readonly string[]>): readonly Driver[] {
  const commands = new Map<string, string[]>();
  for (const [key, values] of settings) {
    const [, name, what] = FILTER_KEY.exec(key) ?? [];
    if (name === undefined) continue;
    const known = commands.get(name) ?? [];
    commands.set(name, what === "required" ? known : [...known, values.at(-1) ?? ""]);
  }
  return [...commands].map(([name, list]) => ({ name, commands: list.filter((command) => command !== "") }));
}

export function isKnownTool({ commands }: Driver): boolean {
  return commands.every((command) => KNOWN.test(command.trim()));
}

/** Whether what a filter runs may lie in the checkout itself, where an agent could have written it. */
export function mayRunCheckout({ commands }: Driver): boolean {
  const words = commands.flatMap((command) => command.split(/[\s;&|()<>"'`]+/));
  return words.some((word) => RUNNERS.test(word.split(/[/\\]/).at(-1) ?? "") || (!ABSOLUTE.test(word) && (/[/\\]/.test(word) || SCRIPT.test(word))));
}
