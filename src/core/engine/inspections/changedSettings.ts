// Settings of git that came to be while the task ran and would make git run programs. The host's git has not used them;
// whoever reads the report shall know, since the user's own git will.
import type { Inspector } from "../inspected";

export const findChangedSettings: Inspector = async ({ run }) => {
  const names = await run.deps.workspace.changedSettings(run.base);
  if (names.length === 0) return [];
  const text = `Git's settings of the repository or the user were changed since the task began: ${names.join(", ")}. Countersign's own calls of git have not used them; the user's git will.`;
  return [{ kind: "changedSettings", weight: "note", check: null, path: null, text }];
};
