/**
 * What the serialized dynamic providers in users' state require. This module's path and its members' names are an
 * interface to every state that was ever written: members may be added, never renamed or removed.
 */
export { existingHost } from "./existing.provider.js";
export { keyPair } from "./key-pair.provider.js";
export { keyDigestSecret } from "./keys/digest-secret.provider.js";
export { wireguardKeyPair } from "./links/key-pair.provider.js";
export { linkRekey } from "./links/rekey.provider.js";
export { system } from "./system.provider.js";
