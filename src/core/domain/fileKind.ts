// What git keeps of a path besides its bytes, and how a change of it is told to a person. Pure.

export type FileKind = "file" | "executable" | "link" | "submodule";

/** Of both sides of a change; null: not there. */
export interface FileKinds {
  readonly from: FileKind | null;
  readonly to: FileKind | null;
}

const NOUNS: Readonly<Record<FileKind, string>> = { file: "file", executable: "executable", link: "symbolic link", submodule: "submodule" };

/** A few words on what lines do not show; "" for an ordinary file that stays one. */
export function kindNote({ kinds }: { readonly kinds?: FileKinds | undefined }): string {
  if (kinds === undefined) return "";
  const { from, to } = kinds;
  if (from === null || to === null || from === to) {
    const noun = NOUNS[to ?? from ?? "file"];
    return noun === "file" ? "" : noun;
  }
  if (from === "file" && to === "executable") return "made executable";
  if (from === "executable" && to === "file") return "no longer executable";
  return `${NOUNS[to]} instead of ${NOUNS[from]}`;
}
