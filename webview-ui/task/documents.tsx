// Opens what the roles have written, and the conversations in which they did.
import type { JSX } from "preact";
import type { TaskDetail } from "../../src/shared/dashboardState";
import { DOCUMENT_WORDS } from "../../src/shared/words";
import { IconButton } from "../parts/buttons";
import { useStore } from "../parts/context";
import { DOCUMENT_ICONS } from "../parts/looks";

export function Documents({ detail }: { readonly detail: TaskDetail }): JSX.Element | null {
  const { commands } = useStore();
  if (detail.documents.length === 0 && detail.sessions.length === 0) return null;
  return (
    <div class="documents" role="group" aria-label="Documents">
      {detail.documents.map((name) => (
        <IconButton
          key={name}
          icon={DOCUMENT_ICONS[name]}
          label={DOCUMENT_WORDS[name]}
          isWorded
          onPress={() => commands.openDocument(detail, name)}
        />
      ))}
      {detail.sessions.length === 0 ? null : (
        <IconButton icon="comment-discussion" label="Transcript" isWorded onPress={() => commands.act(detail, "transcript")} />
      )}
    </div>
  );
}
