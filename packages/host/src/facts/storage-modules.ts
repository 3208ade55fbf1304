import type { Lines } from "./lines.js";

/**
 * Kernel modules for disks and keyboards, by the rules of nixos-generate-config: mass storage controllers, controllers of
 * USB and FireWire, USB devices that are disks or keyboards, and whatever drives a block device.
 */
export function storageModules(lines: Lines): string[] {
  const pci = lines.rows("pci").filter(([deviceClass = ""]) => /^0x(01|0c00|0c03)/.test(deviceClass));
  // 08: mass storage; 03 with protocol 01: a keyboard.
  const usb = lines
    .rows("usb")
    .filter(([deviceClass, protocol]) => deviceClass === "08" || (deviceClass === "03" && protocol === "01"));
  const modules = [
    ...pci.map((fields) => fields[3]),
    ...usb.map((fields) => fields[2]),
    ...lines.all("storageModule"),
  ];
  return [...new Set(modules.filter((name) => name !== undefined && name !== ""))].sort() as string[];
}
