import { aptInstall } from "./apt.mjs";
import { onPath } from "./places.mjs";

/**
 * libvirt's daemon with QEMU's driver, its client, and what its networks and disks take: program and its Debian package.
 * These packages start no service; what starts libvirt with a computer is in libvirt-daemon-system.
 */
const needed = {
  dnsmasq: "dnsmasq-base",
  libvirtd: "libvirt-daemon",
  "qemu-img": "qemu-utils",
  "qemu-system-x86_64": "qemu-system-x86",
  virsh: "libvirt-clients",
};

/**
 * Gets libvirt for the tests, which start a daemon of their own. A computer whose libvirt is there already keeps it.
 *
 * @param {import("./report.mjs").Note} note
 * @returns {Promise<{ did: string }>}
 */
export async function libvirt(note) {
  const missing = Object.entries(needed).filter(([program]) => !onPath(program));
  const packages = missing.map(([, debianPackage]) => debianPackage);
  if (packages.length === 0) return { did: "found on PATH" };
  await aptInstall(packages, note);
  return { did: `installed ${packages.join(", ")}` };
}
