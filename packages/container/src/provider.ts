/**
 * What the serialized dynamic provider in users' state requires. This module's path and its members' names are an
 * interface to every state that was ever written: members may be added, never renamed or removed.
 */
export { container } from "./container.provider.js";
export { lastOfConsole } from "./last-of-console.js";
export { starter } from "./starter.js";
