/**
 * What the serialized dynamic provider in users' state requires. This module's path and its members' names are an
 * interface to every state that was ever written: members may be added, never renamed or removed.
 */

export { qemu } from "./qemu.provider.js";
export { lastOfConsole } from "./ready.js";
export { snapshots } from "./snapshots.provider.js";
