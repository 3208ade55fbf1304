import type { HostFacts } from "@firn/host";

/** What a deployment needs of a host. */
export interface Wanted {
  /** Nix system of the machine's configuration. */
  readonly system: string;
  /** How the account becomes root; default sudo. */
  readonly privilege: "sudo" | "doas" | undefined;
  /** Whether it may say a password for that. */
  readonly hasPassword: boolean;
  /** Whether a host without NixOS becomes one. */
  readonly installs: boolean;
  /** Whether a host stays another distribution's. */
  readonly services: boolean;
}

/** Why a host cannot become the machine that it shall be, each with what to do; empty when nothing is in the way. */
export function refusals(facts: HostFacts, wanted: Wanted): string[] {
  return [
    architecture(facts, wanted),
    init(facts),
    privilege(facts, wanted),
    nix(facts, wanted),
    boot(facts, wanted),
    services(facts, wanted),
  ].filter((each) => each !== undefined);
}

/** Systems whose programs run on another one as well. */
const RUNS_TOO: Readonly<Record<string, readonly string[]>> = {
  "x86_64-linux": ["i686-linux"],
  "aarch64-linux": ["armv7l-linux", "armv6l-linux"],
};

function architecture({ system: has }: HostFacts, { system }: Wanted): string | undefined {
  if (has === system || RUNS_TOO[has]?.includes(system)) return undefined;
  return `it is ${has}, and its configuration is for ${system}: give the machine system: "${has}"`;
}

function init({ systemd, os }: HostFacts): string | undefined {
  if (systemd !== undefined) return undefined;
  return `${os.name} runs there without systemd as PID 1, and activation needs systemd: use a host that was started with it`;
}

function privilege(
  { account }: HostFacts,
  { privilege: method = "sudo", hasPassword }: Wanted,
): string | undefined {
  const { user, isRoot } = account;
  if (isRoot || account[method] === "free") return undefined;
  if (account[method] === "none") {
    const other = method === "sudo" ? "doas" : "sudo";
    return account[other] === "none"
      ? `${user} is not root there, and there is no ${method}: install it, or connect as root`
      : `${user} is not root there, and there is no ${method} but ${other}: give it privilege: { method: "${other}" }`;
  }
  if (hasPassword) return undefined;
  return `${method} does not make ${user} root there without a password: give privilege its password, or let the account become root without one, or connect as root`;
}

function services({ nixos }: HostFacts, { services: wanted }: Wanted): string | undefined {
  if (!wanted || nixos === undefined) return undefined;
  return `it runs NixOS ${nixos.version}, all of which Firn can manage: leave manage: "services" out`;
}

function nix({ nix: version, os }: HostFacts, { installs, services: stays }: Wanted): string | undefined {
  if (version !== undefined || installs) return undefined;
  if (stays)
    return `it runs ${os.name}, and has no Nix, which services come with: install Nix there (Debian: nix-bin)`;
  return `it runs ${os.name}, and has no Nix: have Firn make it NixOS with install: "in-place", or install Nix there`;
}

/** NixOS in place of another distribution takes a boot that is the host's own. */
function boot({ bootMode, nixos, os }: HostFacts, { installs }: Wanted): string | undefined {
  if (!installs || nixos !== undefined || bootMode !== "container") return undefined;
  return `it runs ${os.name} in a container, which has no boot loader: NixOS cannot be installed in place of it`;
}
