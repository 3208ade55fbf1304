import type { Disk, HostFacts } from "@firn/host";

const BOOT_MODES = { uefi: "UEFI", bios: "BIOS", container: "in a container", other: "by its firmware" };

/** Facts of a host for people, a line each. */
export function summary(facts: HostFacts): string[] {
  const { account, nixos } = facts;
  const rows: [string, string][] = [
    [
      "system",
      `${nixos ? `NixOS ${nixos.version}` : facts.os.name}, ${facts.system}, kernel ${facts.kernel}`,
    ],
    ["boots", [BOOT_MODES[facts.bootMode], facts.bootLoader].filter(Boolean).join(", ")],
    ["computer", `${facts.cores} cores, ${size(facts.memory)} of memory${virtual(facts)}`],
    ["nix", facts.nix ?? "none"],
    ["systemd", facts.systemd === undefined ? "none" : String(facts.systemd)],
    ["account", `${account.user}${account.isRoot ? "" : `, sudo: ${account.sudo}, doas: ${account.doas}`}`],
    ...facts.addresses.map((each): [string, string] => [
      "address",
      `${each.address}/${each.prefixLength} on ${each.interface}${each.dynamic ? ", dynamic" : ""}`,
    ]),
    ...facts.disks.map((disk): [string, string] => ["disk", describe(disk)]),
    ...facts.mounts.map((each): [string, string] => [
      "mount",
      `${each.path}: ${each.type} on ${each.device}`,
    ]),
    ...facts.hostKeys.map((key): [string, string] => ["host key", key]),
  ];
  return rows.map(
    ([name, value], index) => `${(rows[index - 1]?.[0] === name ? "" : name).padEnd(10)}${value}`,
  );
}

function describe({ name, size: bytes, model, serial, partitions, fileSystem, mapped }: Disk): string {
  const parts = partitions.map((each) =>
    [each.name, size(each.size), each.fileSystem].filter(Boolean).join(" "),
  );
  const what = [
    `${name} ${size(bytes)}`,
    model,
    serial && `serial ${serial}`,
    fileSystem,
    mapped && `${mapped.by} ${mapped.name} on ${mapped.from.join(", ")}`,
  ];
  return `${what.filter(Boolean).join(", ")}${parts.length === 0 ? "" : `: ${parts.join("; ")}`}`;
}

function virtual({ virtualization }: HostFacts): string {
  return virtualization === "none" ? "" : `, virtualised by ${virtualization}`;
}

function size(bytes: number): string {
  const gib = bytes / 2 ** 30;
  return gib >= 1 ? `${gib.toFixed(1)} GiB` : `${Math.round(bytes / 2 ** 20)} MiB`;
}
