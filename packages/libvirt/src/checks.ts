import { isAbsolute } from "node:path";
import { parseIpv4 } from "@firn/nixos/ipv4";
import type { LibvirtArgs } from "./args.js";
import { isStatic, withoutPrefix } from "./domain/place.js";
import { LibvirtError } from "./errors.js";
import { networkSubnet } from "./network/subnet.js";

/** SCSI's unit serial number, as udev makes a name of it. */
const VOLUME_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,19}$/;

/**
 * Checks arguments before anything is made.
 *
 * @throws LibvirtError that names the argument, and says what it may be
 */
export function checkArgs(args: LibvirtArgs): void {
  if (args?.image === undefined)
    throw new LibvirtError(
      "libvirt({ image }): machines start from a cloud image: give a file of this computer or a URL, qcow2 or raw, for example Debian's genericcloud.",
    );
  const {
    address,
    bootTimeout,
    cpus,
    disk,
    firmware,
    memory,
    network,
    snapshots,
    mounts = {},
    uri,
    volumes = {},
  } = args;
  const fail = (what: string, why: string): never => {
    throw new LibvirtError(`libvirt({ ${what} }): ${why}.`);
  };
  const whole = (name: string, value: number | undefined, least: number, unit: string) => {
    if (value !== undefined && !(Number.isInteger(value) && value >= least))
      fail(`${name}: ${value}`, `it is a whole number of ${unit}, at least ${least}`);
  };
  whole("memory", memory, 64, "MiB");
  whole("cpus", cpus, 1, "processors");
  whole("disk", disk, 1, "GiB");
  whole("bootTimeout", bootTimeout, 1, "seconds");
  whole("snapshots", snapshots, 0, "snapshots");
  if (snapshots && (Object.keys(mounts).length > 0 || firmware === "uefi"))
    fail(
      "snapshots, …",
      'QEMU takes no snapshots of machines with `mounts` or `firmware: "uefi"`: leave one out',
    );
  if (uri !== undefined && /\/session(\?|$)/.test(uri))
    fail(`uri: ${JSON.stringify(uri)}`, "a session has no networks: use qemu:///system");
  if (
    address !== undefined &&
    (parseIpv4(withoutPrefix(address)) === undefined || (isStatic(address) && !isPrefix(address)))
  )
    fail(
      `address: ${JSON.stringify(address)}`,
      `it is an address of IPv4, "10.83.12.5", or with a prefix, "192.168.1.10/24"`,
    );
  if (isStatic(address) && typeof network !== "string")
    fail(
      `address: ${JSON.stringify(address)}`,
      `the network that Firn makes gives addresses by DHCP: leave out the prefix, or name a network of the host's without DHCP, libvirt({ network: "bridged" })`,
    );
  if (typeof network === "object" && network.subnet !== undefined) networkSubnet(network.subnet);
  for (const [name, { size }] of Object.entries(volumes)) {
    if (!VOLUME_NAME.test(name))
      fail(
        `volumes: { ${JSON.stringify(name)}: … }`,
        "a name is made of at most 20 letters, digits, - and _",
      );
    whole(`volumes.${name}.size`, size, 1, "GiB");
  }
  for (const [path, { source }] of Object.entries(mounts))
    for (const each of [path, source])
      if (!isAbsolute(each) || each === "/" || /[\t\n,]|(^|\/)\.\.(\/|$)/.test(each))
        fail(`mounts: { ${JSON.stringify(path)}: … }`, `${JSON.stringify(each)} is no absolute path below /`);
}

function isPrefix(address: string): boolean {
  const bits = address.slice(address.indexOf("/") + 1);
  return /^\d+$/.test(bits) && Number(bits) >= 8 && Number(bits) <= 30;
}
