/**
 * What the serialized dynamic providers in users' state require. This module's path and its members' names are an
 * interface to every state that was ever written: members may be added, never renamed or removed.
 */
export { domain } from "./domain/domain.provider.js";
export { lastOfConsole } from "./domain/last-of-console.js";
export { network } from "./network/network.provider.js";
export { snapshot } from "./snapshot.provider.js";
export { volume } from "./volume/volume.provider.js";
