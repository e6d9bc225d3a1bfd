// Links of an attempt that lead out of the repository, and repositories that it puts in as submodules: what stands behind
// them is on no record, differs from machine to machine, and whoever writes through them writes somewhere else.
import type { Inspection } from "../../domain/inspection";
import { codeSpan } from "../../domain/markdown";
import { wayOut } from "../../domain/wayOut";
import type { FileChange } from "../../domain/workspace";
import type { Inspector } from "../inspected";

export const findWaysOut: Inspector = async ({ run, commit }) => {
  const { deps, base } = run;
  const linkAt = async (path: string): Promise<string | null> => {
    const [text, bytes] = await Promise.all([deps.workspace.fileAt(base, commit, path), deps.workspace.bytesAt(base, commit, path)]);
    return text !== null || bytes === null ? null : new TextDecoder().decode(bytes);
  };
  // Asked anew: journals of earlier versions know nothing of kinds.
  const changes = await deps.workspace.changes(base, base.commit, commit);
  const findings = await Promise.all(changes.map((change) => wayOutOf(change, linkAt)));
  return findings.filter((finding) => finding !== null);
};

async function wayOutOf({ path, kinds }: FileChange, linkAt: (path: string) => Promise<string | null>): Promise<Inspection | null> {
  if (kinds?.to === "submodule") return finding(path, `The attempt makes ${codeSpan(path)} a submodule: the files of another repository are not part of the work that was checked.`);
  const target = kinds?.to === "link" ? await linkAt(path) : null;
  const where = target === null ? null : await wayOut(path, target, linkAt);
  return where === null || target === null ? null : finding(path, `The symbolic link ${codeSpan(path)} leads ${where}, to ${codeSpan(target)}.`);
}

function finding(path: string, text: string): Inspection {
  return { kind: "wayOut", weight: "fails", check: null, path, text };
}
