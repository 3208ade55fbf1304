import { parseDisks, parseMount, parseSwap } from "./disks.js";
import type { HostFacts, Privileged } from "./facts.js";
import { given, Lines } from "./lines.js";
import { parseAddress, parseRoute } from "./network.js";
import { storageModules } from "./storage-modules.js";

/** @param text what `scripts/facts.sh` printed */
export function parseFacts(text: string): HostFacts {
  const lines = new Lines(text);
  const architecture = lines.first("architecture") ?? "unknown";
  const virtualization = lines.first("virtualization") ?? "none";
  const nix = /\d[\w.]*/.exec(lines.first("nix") ?? "")?.[0];
  return {
    hostname: lines.first("hostname") ?? "",
    architecture,
    system: `${NIX_NAMES[architecture] ?? architecture}-linux`,
    kernel: lines.first("kernel") ?? "",
    cores: Number(lines.first("cores") ?? 0),
    memory: Number(lines.first("memoryKib") ?? 0) * 1024,
    cpu: given({ vendor: lines.first("cpuVendor"), kvm: KVM[lines.first("cpuVirtualization") ?? ""] }),
    os: {
      id: unquoted(lines.first("os.ID")) ?? "linux",
      ...given({ version: unquoted(lines.first("os.VERSION_ID")) }),
      name: unquoted(lines.first("os.PRETTY_NAME")) ?? "Linux",
    },
    ...given({ nixos: nixosOf(lines), nix, systemd: systemdOf(lines) }),
    bootMode: bootMode(architecture, virtualization, lines.first("efi") !== undefined),
    ...given({ bootLoader: BOOT_LOADERS.find((name) => name === lines.first("bootLoader")) }),
    virtualization,
    account: {
      user: lines.first("user") ?? "",
      isRoot: lines.first("uid") === "0",
      sudo: privileged(lines.first("sudo")),
      doas: privileged(lines.first("doas")),
    },
    disks: parseDisks(lines),
    mounts: lines.all("mount").flatMap(parseMount),
    swaps: lines.all("swap").flatMap(parseSwap),
    interfaces: lines.rows("interface").map(([name = "", mac = ""]) => ({ name, mac })),
    addresses: lines.all("address").flatMap(parseAddress),
    defaultRoutes: lines.all("route").flatMap(parseRoute),
    nameservers: lines.all("nameserver").map((each) => each.trim()),
    hostKeys: lines.all("hostKey").map((key) => key.split(" ").slice(0, 2).join(" ")),
    hardware: {
      storageModules: storageModules(lines),
      pci: lines.rows("pci").map(([, vendor = "", device = ""]) => `${hex(vendor)}:${hex(device)}`),
    },
  };
}

/** `uname -m` to the first half of a Nix system, where they differ. */
const NIX_NAMES: Readonly<Record<string, string>> = {
  i386: "i686",
  i486: "i686",
  i586: "i686",
  armv8l: "armv7l",
  ppc64le: "powerpc64le",
};

const KVM: Readonly<Record<string, "kvm-intel" | "kvm-amd">> = { vmx: "kvm-intel", svm: "kvm-amd" };

const BOOT_LOADERS = ["systemd-boot", "grub", "extlinux"] as const;

/** What `systemd-detect-virt` calls containers (systemd-detect-virt(1)). */
const CONTAINERS = new Set([
  ...["openvz", "lxc", "lxc-libvirt", "systemd-nspawn", "docker", "podman", "rkt", "wsl", "proot", "pouch"],
  "container-other",
]);

function bootMode(architecture: string, virtualization: string, efi: boolean): HostFacts["bootMode"] {
  if (CONTAINERS.has(virtualization)) return "container";
  if (efi) return "uefi";
  return /^(x86_64|i\d86)$/.test(architecture) ? "bios" : "other";
}

function nixosOf(lines: Lines): HostFacts["nixos"] {
  const version = lines.first("nixosVersion");
  const currentSystem = lines.first("currentSystem");
  if (version === undefined || currentSystem === undefined) return undefined;
  return { version, currentSystem, ...given({ profile: lines.first("profile") }) };
}

function systemdOf(lines: Lines): number | undefined {
  if (lines.first("init") !== "systemd") return undefined;
  const version = /^systemd (\d+)/.exec(lines.first("systemd") ?? "")?.[1];
  return version === undefined ? undefined : Number(version);
}

function privileged(said: string | undefined): Privileged {
  return said === "free" || said === "password" ? said : "none";
}

function unquoted(value: string | undefined): string | undefined {
  return value?.replace(/^(["'])(.*)\1$/, "$2");
}

function hex(value: string): string {
  return value.replace(/^0x/, "");
}
