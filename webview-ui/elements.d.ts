// The custom elements that the pages use, for JSX. Which are loaded stands in parts/elements.ts.
import type { HTMLAttributes } from "preact";

interface ButtonAttributes extends HTMLAttributes<HTMLElement> {
  readonly secondary?: boolean;
  readonly disabled?: boolean;
}

interface TextfieldAttributes extends HTMLAttributes<HTMLElement> {
  readonly value?: string;
  readonly placeholder?: string;
}

declare module "preact" {
  namespace JSX {
    interface IntrinsicElements {
      "vscode-button": ButtonAttributes;
      "vscode-textfield": TextfieldAttributes;
      "vscode-badge": HTMLAttributes<HTMLElement> & { readonly variant?: string };
    }
  }
}
