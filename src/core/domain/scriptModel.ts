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

/** Where the id of a script's model begins. Folders, and files named .json, may have a # of their own. */
function markOf(model: string): number | undefined {
  const mark = model.startsWith(SCRIPT_PREFIX) ? model.lastIndexOf("#") : -1;
  return mark === -1 || /[/\\]|\.json$/.test(model.slice(mark)) ? undefined : mark;
}
