export type { QemuArgs } from "./args.js";
export type { MountArgs } from "./guest/module.js";
export { qemu } from "./target.js";
