import { mountTag } from "./guest/module.js";
import type { Settings } from "./inputs.js";
import { DEFAULTS, parseListener } from "./settings.js";
import { placesOf, type QemuRecord, segmentOf } from "./site.js";

/** What a machine's virtual processors are: hardware's, or computed. */
export type Accelerator = "kvm" | "hvf" | "tcg";

/** A rule of QEMU's user network, as `hostfwd` and `hostfwd_add` take it. */
export function forwardRule(from: string, to: number): string {
  const { host, port } = parseListener(from);
  return `tcp:${host}:${port}-:${to}`;
}

/**
 * Arguments of `qemu-system-x86_64` for a machine that runs in the background, without a window, a daemon or root.
 *
 * @param sshPort port of this computer that leads to its ssh server
 */
export function commandLine(
  record: QemuRecord,
  settings: Settings,
  sshPort: number,
  accelerator: Accelerator,
): string[] {
  const { memory = DEFAULTS.memory, cpus = DEFAULTS.cpus, mounts = {}, ports = {} } = settings;
  const places = placesOf(record.id);
  const forwards = [`127.0.0.1:${sshPort}`, ...Object.keys(ports)].map(
    (from) => `hostfwd=${forwardRule(from, ports[from] ?? 22)}`,
  );
  return [
    ...["-name", record.hostname, "-nodefaults", "-no-user-config", "-display", "none", "-daemonize"],
    ...["-pidfile", places.pid, "-qmp", `unix:${places.monitor},server=on,wait=off`],
    ...["-machine", "q35", "-cpu", "max", "-accel", accelerator === "tcg" ? "tcg,thread=multi" : accelerator],
    ...["-m", String(memory), "-smp", String(cpus), "-rtc", "base=utc"],
    ...["-chardev", `file,id=console,path=${places.console}`, "-serial", "chardev:console"],
    ...["-device", "virtio-rng-pci"],
    // A machine's own power cut is this computer's: what it has not synced may be lost, as on any disk.
    ...["-drive", `if=none,id=disk,file=${places.disk},format=qcow2,discard=unmap`],
    ...["-device", "virtio-blk-pci,drive=disk,addr=0x3"],
    ...["-drive", `if=none,id=seed,file=${places.seed},format=raw,readonly=on`],
    ...["-device", "virtio-blk-pci,drive=seed,addr=0x4"],
    ...["-netdev", ["user", "id=outside", ...forwards].join(",")],
    ...["-device", `virtio-net-pci,netdev=outside,mac=${record.macs[0]},romfile=,addr=0x5`],
    ...privateInterface(record),
    ...Object.entries(mounts).flatMap(([path, { source, readOnly = true }]) => [
      "-virtfs",
      `local,path=${source},mount_tag=${mountTag(path)},security_model=${process.getuid?.() === 0 ? "passthrough" : "mapped-xattr"}${readOnly ? ",readonly=on" : ""}`,
    ]),
    ...(settings.arguments ?? []),
  ];
}

function privateInterface({ privateNetwork, macs }: QemuRecord): string[] {
  if (privateNetwork === undefined) return [];
  const { group, port } = segmentOf(privateNetwork);
  return [
    ...["-netdev", `socket,id=inside,mcast=${group}:${port},localaddr=127.0.0.1`],
    ...["-device", `virtio-net-pci,netdev=inside,mac=${macs[1]},romfile=,addr=0x6`],
  ];
}
