// What a person must know before they look at any task: another window runs here, the queue is held, a folder is broken.
import type { ComponentChildren, JSX } from "preact";
import { useStore } from "./context";
import { Icon } from "./icon";
import { LinkButton } from "./buttons";
import type { IconName } from "./icons";

export function Banners(): JSX.Element | null {
  const { state, commands } = useStore();
  const now = state.value;
  if (now === null) return null;
  const folders = Object.entries(now.folders);
  const showsName = folders.length > 1;
  return (
    <>
      {now.place === "untrusted" ? (
        <Banner icon="shield" level="warning">
          This workspace is not trusted: nothing runs in it. <LinkButton onPress={() => commands.actGlobally("manageTrust")}>Manage trust</LinkButton>
        </Banner>
      ) : null}
      {folders.map(([root, { name, owner }]) =>
        owner === null ? null : (
          <Banner key={root} icon="eye" level="info">
            Another window runs tasks {showsName ? `in ${name}` : "here"}. This one follows along; what changes something can be
            done there. <span class="muted">{owner}</span>
          </Banner>
        ),
      )}
      {folders.some(([, { held, owner }]) => held && owner === null) ? (
        <Banner icon="debug-pause" level="info">
          Tasks that waited when the window was closed wait until you run one of them: nothing is spent before.
        </Banner>
      ) : null}
      {now.troubles.map((text) => (
        <Banner key={text} icon="error" level="error">
          {text} <LinkButton onPress={() => commands.actGlobally("retryFolders")}>Try again</LinkButton>
        </Banner>
      ))}
    </>
  );
}

interface BannerProps {
  readonly icon: IconName;
  readonly level: "info" | "warning" | "error";
  readonly children: ComponentChildren;
}

function Banner({ icon, level, children }: BannerProps): JSX.Element {
  return (
    <div class={`banner ${level}`} role="note">
      <Icon name={icon} />
      <span>{children}</span>
    </div>
  );
}
