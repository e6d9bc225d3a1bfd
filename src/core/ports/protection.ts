// What keeps commands where they belong on this machine, as data: whoever asks people before a command runs, and
// whoever tells them what protects them, looks at this. It knows no sandbox.

/**
 * `active`: every command runs confined. `missing`: the setting asks for a sandbox and none works here. `off`: the
 * person has switched it off. Where it is not active, commands run with all that the user may do, so somebody has to be
 * asked before each.
 */
export type Protection =
  | { readonly kind: "active"; readonly name: "bubblewrap" | "seatbelt" }
  | {
      readonly kind: "missing";
      /** One sentence. */
      readonly why: string;
      /** Shell commands for this platform that a person can copy, in order; empty where there is no remedy. */
      readonly install: readonly string[];
    }
  | { readonly kind: "off"; readonly why: string };

/** The setting: `auto` uses the platform's sandbox where it works. */
export type SandboxMode = "auto" | "off";

/** Tells what protects commands here. Contract: never rejects; asks the system once and remembers the answer. */
export type ProtectionProbe = () => Promise<Protection>;
