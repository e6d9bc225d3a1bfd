// The files that the last attempt has changed; each opens its diff.
import type { JSX } from "preact";
import type { TaskDetail } from "../../src/shared/dashboardState";
import { counted } from "../../src/shared/figures";
import { useStore } from "../parts/context";
import { Section } from "../parts/section";

const LETTERS = { added: "A", modified: "M", deleted: "D", typeChanged: "T" } as const;
const MOST = 12;

export function Changes({ detail }: { readonly detail: TaskDetail }): JSX.Element | null {
  const { commands } = useStore();
  const attempt = detail.attempts.findLast(({ committed }) => committed);
  if (attempt === undefined || attempt.fileCount === 0) return null;
  const rest = attempt.fileCount - Math.min(MOST, attempt.files.length);
  return (
    <Section title="Changes" note={`attempt ${attempt.attempt}`}>
      <ul class="files">
        {attempt.files.slice(0, MOST).map(({ path, status, added, removed, note }) => (
          <li key={path}>
            <button
              type="button"
              class="file"
              title={`${path}: open the diff`}
              onClick={() => commands.openChange(detail, attempt.attempt, path)}
            >
              <span class="file-name">{nameOf(path)}</span>
              <span class="file-folder">{folderOf(path)}</span>
              <span class="file-lines">
                {added === null ? "binary" : <><span class="added">+{added}</span> <span class="removed">−{removed ?? 0}</span></>}
                {note === "" ? null : ` · ${note}`}
              </span>
              <span class={`file-letter ${status}`} title={status}>
                {LETTERS[status]}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {rest > 0 ? <p class="muted">and {counted(rest, "more file")}</p> : null}
    </Section>
  );
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
