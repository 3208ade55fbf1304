import { VirtualboxError } from "./error.js";

/** A version of VirtualBox, as far as it matters. */
export interface Version {
  readonly major: number;
  readonly minor: number;
}

/**
 * Reads what `VBoxManage --version` says, `7.0.20r163906`; warnings may stand before it.
 *
 * @throws VirtualboxError for one before 7.0, whose options have other names
 */
export function parseVersion(text: string): Version {
  const match = /^(\d+)\.(\d+)\.\d+\S*$/m.exec(text);
  if (!match)
    throw new VirtualboxError(`\`VBoxManage --version\` says no version: ${JSON.stringify(text.trim())}.`);
  const version = { major: Number(match[1]), minor: Number(match[2]) };
  if (version.major < 7)
    throw new VirtualboxError(
      `VirtualBox ${match[0]} is too old: virtualbox() needs 7.0 or later, whose VBoxManage takes the options that Firn gives. Install a newer one from virtualbox.org.`,
    );
  return version;
}

/** Since 7.1, a machine is for a kind of processor, which must be said; before, the option is not known. */
export function wantsArchitecture({ major, minor }: Version): boolean {
  return major > 7 || minor >= 1;
}
