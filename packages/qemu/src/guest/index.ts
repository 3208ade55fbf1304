/**
 * What any target of virtual machines needs that are QEMU's, or libvirt's: the NixOS module of a guest, the seed that
 * gives it its keys, and the disk that it starts from. It needs no QEMU.
 */
export { ensureBaseImage } from "./base-image.js";
export { linesOfConsole, tailOfConsole } from "./console.js";
export { isoImage } from "./iso9660.js";
export { type GuestModuleArgs, guestModule, type MountArgs, mountTag } from "./module.js";
export { type Seed, seedImage } from "./seed.js";
