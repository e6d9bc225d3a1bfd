// Why no sandbox works on this machine, and the commands that change that. Pure: what is known of the machine comes in.
import type { Protection } from "../../core/ports/protection";

export interface Machine {
  readonly platform: NodeJS.Platform;
  /** `ID` and `ID_LIKE` of /etc/os-release; empty elsewhere. */
  readonly distribution: string;
  /** Whether bwrap was found on the PATH. */
  readonly isInstalled: boolean;
  /** What bwrap said when it was tried; empty where it was not. */
  readonly complaint: string;
  /** Numbers under /proc/sys, by name; absent where the kernel has no such switch. */
  readonly switches: Readonly<Partial<Record<KernelSwitch, number>>>;
  readonly isContainer: boolean;
}

/** Switches of the kernel that forbid namespaces to users. */
export const KERNEL_SWITCHES = {
  apparmor: "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
  userNamespaces: "/proc/sys/user/max_user_namespaces",
  unprivileged: "/proc/sys/kernel/unprivileged_userns_clone",
} as const;
export type KernelSwitch = keyof typeof KERNEL_SWITCHES;

type Missing = Extract<Protection, { readonly kind: "missing" }>;

const PACKAGE_MANAGERS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:debian|ubuntu)\b/, "sudo apt-get install -y bubblewrap"],
  [/\b(?:fedora|rhel|centos)\b/, "sudo dnf install -y bubblewrap"],
  [/\b(?:opensuse|suse)\b/, "sudo zypper install -y bubblewrap"],
  [/\barch\b/, "sudo pacman -S --needed bubblewrap"],
  [/\balpine\b/, "sudo apk add bubblewrap"],
  [/\bnixos\b/, "nix-env -iA nixos.bubblewrap"],
];

/** Allows bubblewrap alone what AppArmor otherwise refuses to every program. */
const APPARMOR_PROFILE = [
  `printf 'abi <abi/4.0>,\\ninclude <tunables/global>\\nprofile bwrap /usr/bin/bwrap flags=(unconfined) {\\n  userns,\\n}\\n' | sudo tee /etc/apparmor.d/bwrap`,
  "sudo apparmor_parser -r /etc/apparmor.d/bwrap",
];

export function whyMissing(machine: Machine): Missing {
  const { platform, distribution, isInstalled, complaint, switches, isContainer } = machine;
  if (platform === "win32") return missing("Windows has no sandbox that Countersign can use; inside WSL 2 it uses bubblewrap.", ["wsl --install"]);
  if (platform === "darwin") return missing(`sandbox-exec, which is part of macOS, does not work here: ${complaint || "it was not found"}.`);
  if (platform !== "linux") return missing(`There is no sandbox for ${platform}.`);
  if (!isInstalled) return missing("bubblewrap is not installed.", installCommands(distribution));
  if (switches.userNamespaces === 0)
    return missing("The kernel allows no user namespaces (user.max_user_namespaces is 0), which bubblewrap needs.", [
      "echo user.max_user_namespaces=15000 | sudo tee /etc/sysctl.d/60-user-namespaces.conf",
      "sudo sysctl --system",
    ]);
  if (switches.unprivileged === 0)
    return missing("The kernel keeps user namespaces for root (kernel.unprivileged_userns_clone is 0), and bubblewrap needs one.", [
      "echo kernel.unprivileged_userns_clone=1 | sudo tee /etc/sysctl.d/60-user-namespaces.conf",
      "sudo sysctl --system",
    ]);
  if (switches.apparmor === 1 && !isContainer)
    return missing("AppArmor forbids user namespaces to programs without a profile, and bubblewrap needs one.", APPARMOR_PROFILE);
  const said = complaint === "" ? "it could not be started" : complaint;
  if (isContainer)
    return missing(
      `This is a container in which bubblewrap may make no namespaces (${said}). Start it with --security-opt seccomp=unconfined ` +
        "--security-opt apparmor=unconfined --security-opt systempaths=unconfined (Docker and Podman; in devcontainer.json under runArgs).",
    );
  return missing(`bubblewrap does not work here: ${said}.`);
}

function missing(why: string, install: readonly string[] = []): Missing {
  return { kind: "missing", why, install };
}

function installCommands(distribution: string): readonly string[] {
  const found = PACKAGE_MANAGERS.find(([pattern]) => pattern.test(distribution));
  return found === undefined ? [] : [found[1]];
}
