// The id of a model that a script plays: `script:FILE`, or `script:FILE#ID` where its usage is priced as that model's.

export const SCRIPT_PREFIX = "script:";

/** The script's file; "" for a model that no script plays. */
export function scriptFileOf(model: string): string {
  return model.startsWith(SCRIPT_PREFIX) ? model.slice(SCRIPT_PREFIX.length, markOf(model)) : "";
}

/** The id whose price a model has, and by which people know it. */
export function pricedAs(model: string): string {
  const mark = markOf(model);
  return mark === undefined ? model : model.slice(mark + 1);
}

/** The id of a model that a script plays in place of `model`; without it where the two could not be told apart again. */
export function playedBy(file: string, model: string): string {
  const id = `${SCRIPT_PREFIX}${file}#${pricedAs(model)}`;
  return scriptFileOf(id) === file ? id : SCRIPT_PREFIX + file;
}

export function isScript(model: string): boolean {
  return model.startsWith(SCRIPT_PREFIX);
}

/**
 * Whether a session that `earlier` has begun can go on with `model`. Thoughts are bound to the model that had them; a
 * script sends none anywhere, and plays on where another left off.
 */
export function canGoOn(earlier: string, model: string): boolean {
  return earlier === model || (isScript(model) && pricedAs(earlier) === pricedAs(model));
}

/** As people read it: of a script that plays no model of ours its file, without the folders above it. */
export function modelName(model: string): string {
  const known = pricedAs(model);
  if (!isScript(known)) return known;
  const file = scriptFileOf(known);
  return SCRIPT_PREFIX + file.slice(Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\")) + 1);
}

/** Where the id of a script's model begins. Folders, and files named .json, may have a # of their own. */
function markOf(model: string): number | undefined {
  const mark = model.startsWith(SCRIPT_PREFIX) ? model.lastIndexOf("#") : -1;
  return mark === -1 || /[/\\]|\.json$/.test(model.slice(mark)) ? undefined : mark;
}
