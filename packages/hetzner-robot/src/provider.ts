/**
 * What the serialized dynamic providers in users' state require. This module's path and its members' names are an
 * interface to every state that was ever written: members may be added, never renamed or removed.
 */
export { robotServer } from "./server.provider.js";
export { robotSshKey } from "./ssh-key.provider.js";
