import { METADATA_NAMESPACE } from "../owner.js";
import { childrenOf, element, find, type XmlElement } from "../xml/element.js";

/** A disk of a machine: a volume of a pool. */
export interface Disk {
  readonly pool: string;
  readonly volume: string;
  readonly format: "qcow2" | "raw";
}

/** A directory of the host that a machine sees. */
export interface Share {
  /** Names it in the guest; at most 31 bytes (9p's mount tag). */
  readonly tag: string;
  /** Absolute path on the host. */
  readonly source: string;
  readonly readOnly: boolean;
}

/** What a machine is made of, for libvirt. */
export interface DomainSpec {
  readonly name: string;
  /** For people, in virt-manager for example. */
  readonly title: string;
  /** `x86_64` or `aarch64`. */
  readonly arch: string;
  readonly firmware: "bios" | "uefi";
  /** In MiB. */
  readonly memory: number;
  readonly cpus: number;
  readonly root: Disk;
  readonly seed: Disk;
  /** By the serial number that the guest finds them by. */
  readonly data: Readonly<Record<string, Disk>>;
  readonly network: string;
  readonly mac: string;
  readonly shares: readonly Share[];
}

/**
 * A machine's domain without what only its host can say: whether there is KVM, the UUID, where its console is kept. It
 * is what `transform.domain` edits.
 */
export function domainDefinition(spec: DomainSpec): XmlElement {
  const { arch, cpus, data, firmware, mac, memory, name, network, root, seed, shares, title } = spec;
  const machine = arch === "x86_64" ? "q35" : "virt";
  return element(
    "domain",
    {},
    element("name", {}, name),
    element("title", {}, title),
    element("memory", { unit: "MiB" }, memory),
    element("vcpu", {}, cpus),
    element(
      "os",
      { firmware: firmware === "uefi" ? "efi" : undefined },
      element("type", { arch, machine }, "hvm"),
    ),
    element("features", {}, element("acpi"), ...(arch === "x86_64" ? [element("apic")] : [element("gic")])),
    element("clock", { offset: "utc" }),
    element("on_poweroff", {}, "destroy"),
    element("on_reboot", {}, "restart"),
    element("on_crash", {}, "restart"),
    element(
      "devices",
      {},
      diskElement(root, { dev: "vda", bus: "virtio" }),
      diskElement(seed, { dev: "vdb", bus: "virtio" }, element("readonly")),
      // Where disks are plugged in while the machine runs.
      element("controller", { type: "scsi", model: "virtio-scsi" }),
      ...Object.entries(data).map(([serial, disk], index) => dataDisk(serial, disk, index)),
      element(
        "interface",
        { type: "network" },
        element("mac", { address: mac }),
        element("source", { network }),
        element("model", { type: "virtio" }),
      ),
      ...shares.map(shareElement),
      element("serial", { type: "pty" }),
      element(
        "channel",
        { type: "unix" },
        element("target", { type: "virtio", name: "org.qemu.guest_agent.0" }),
      ),
      element("rng", { model: "virtio" }, element("backend", { model: "random" }, "/dev/urandom")),
      element("memballoon", { model: "virtio" }),
    ),
  );
}

function diskElement(
  { pool, volume, format }: Disk,
  target: { dev: string; bus: string },
  ...more: readonly XmlElement[]
): XmlElement {
  return element(
    "disk",
    { type: "volume", device: "disk" },
    element("driver", { name: "qemu", type: format, ...(format === "qcow2" ? { discard: "unmap" } : {}) }),
    element("source", { pool, volume }),
    element("target", target),
    ...more,
  );
}

function dataDisk(serial: string, disk: Disk, index: number): XmlElement {
  // sda, sdb, …; the guest goes by the serial number.
  const dev = `sd${String.fromCharCode("a".charCodeAt(0) + index)}`;
  return diskElement(disk, { dev, bus: "scsi" }, element("serial", {}, serial));
}

function shareElement({ tag, source, readOnly }: Share): XmlElement {
  return element(
    "filesystem",
    { type: "mount", accessmode: readOnly ? "passthrough" : "mapped" },
    element("source", { dir: source }),
    element("target", { dir: tag }),
    ...(readOnly ? [element("readonly")] : []),
  );
}

/** What a host adds to a definition. */
export interface HostSide {
  /** Only of a domain that exists. */
  readonly uuid?: string | undefined;
  /** Who made it, which keeps others from being taken for it. */
  readonly token: string;
  readonly acceleration: "kvm" | "qemu";
  /** File on the host that takes what the machine says on its serial console. */
  readonly consoleFile: string;
}

/** The definition as it is given to libvirt. What a `transform` has said already stays as it is. */
export function completeDomain(definition: XmlElement, host: HostSide): XmlElement {
  const cpu = element("cpu", { mode: host.acceleration === "kvm" ? "host-passthrough" : "maximum" });
  const mark = element("firn:machine", { "xmlns:firn": METADATA_NAMESPACE, owner: host.token });
  const log = element("log", { file: host.consoleFile, append: "off" });
  const metadata = [...(find(definition, "metadata")?.children ?? []), mark];
  const children = definition.children
    .filter((child) => typeof child === "string" || child.name !== "metadata")
    .map((child) => (typeof child !== "string" && child.name === "devices" ? withLog(child, log) : child));
  return {
    ...definition,
    attributes: { type: host.acceleration, ...definition.attributes },
    children: [
      ...children,
      ...(host.uuid === undefined ? [] : [element("uuid", {}, host.uuid)]),
      ...(find(definition, "cpu") === undefined ? [cpu] : []),
      { name: "metadata", attributes: {}, children: metadata },
    ],
  };
}

function withLog(devices: XmlElement, log: XmlElement): XmlElement {
  const first = find(devices, "serial");
  return {
    ...devices,
    children: devices.children.map((child) =>
      child === first && find(first, "log") === undefined
        ? { ...first, children: [...first.children, log] }
        : child,
    ),
  };
}

/** Disks that may come and go while the machine runs, by serial number. */
export function pluggableDisks(definition: XmlElement): Map<string, XmlElement> {
  const disks = childrenOf(find(definition, "devices") ?? element("devices"), "disk");
  return new Map(
    disks.filter(isPluggable).map((disk) => [find(disk, "serial")?.children.join("") ?? "", disk]),
  );
}

/** The definition without them: where this changes, the machine has to be switched off. */
export function fixedPart(definition: XmlElement): XmlElement {
  return {
    ...definition,
    children: definition.children.map((child) =>
      typeof child === "string" || child.name !== "devices"
        ? child
        : {
            ...child,
            children: child.children.filter((each) => typeof each === "string" || !isPluggable(each)),
          },
    ),
  };
}

function isPluggable(device: XmlElement): boolean {
  return device.name === "disk" && find(device, "target")?.attributes.bus === "scsi";
}
