import { FirnError } from "./errors.js";
/** A name that Firn was given is not usable; `message` may be shown bare. */
export class InvalidNameError extends FirnError {}

/**
 * Checks a machine's name: it becomes its NixOS host name, so it is a DNS label (RFC 1123, as nixpkgs'
 * `networking.hostName` demands): letters, digits and `-`, at most 63, no `-` at either end.
 *
 * @throws {@link InvalidNameError}
 */
export function parseMachineName(name: string, where: string): string {
  if (/^[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/.test(name)) return name;
  throw new InvalidNameError(
    `${where}: ${JSON.stringify(name)} is no machine name. It becomes the host name: use 1 to 63 letters, digits and "-", with no "-" at either end.`,
  );
}

/**
 * Checks a network's name, which is part of resource names, labels and file names.
 *
 * @throws {@link InvalidNameError}
 */
export function parseNetworkName(name: string): string {
  if (/^[a-zA-Z][a-zA-Z0-9-]{0,39}$/.test(name)) return name;
  throw new InvalidNameError(
    `${JSON.stringify(name)} is no network name. Use a letter first, then letters, digits and "-", 40 at most.`,
  );
}
