// A model's id as people read it. Pure.
import { SCRIPT_PREFIX, pricedAs, scriptFileOf } from "../domain/scriptModel";

/** Of a script that plays no model of ours its file, without the folders above it. */
export function modelName(model: string): string {
  const known = pricedAs(model);
  if (!known.startsWith(SCRIPT_PREFIX)) return known;
  const file = scriptFileOf(known);
  return SCRIPT_PREFIX + file.slice(Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\")) + 1);
}
