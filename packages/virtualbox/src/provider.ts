/**
 * What the serialized dynamic providers in users' state require. This module's path and its members' names are an
 * interface to every state that was ever written: members may be added, never renamed or removed.
 */
export { disk } from "./disk.provider.js";
export { lastOfConsole } from "./last-of-console.js";
export { machine } from "./machine.provider.js";
export { network } from "./network.provider.js";
export { snapshot } from "./snapshot.provider.js";
