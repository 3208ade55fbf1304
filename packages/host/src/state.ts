import type { Host } from "./host.js";
import { readScript, readValues } from "./scripts.js";

/** What a machine runs. Store paths are of toplevels; what does not exist there is left out. */
export interface HostState {
  /** `/run/current-system` */
  readonly currentSystem?: string;
  /** `/run/booted-system` */
  readonly bootedSystem?: string;
  /** What `/nix/var/nix/profiles/system` points to: the system that the next boot takes. */
  readonly profile?: string;
  /** Another one after every boot. */
  readonly bootId: string;
  /** Kernel release, for example `6.12.8`. */
  readonly kernel: string;
  /** As `uname -m` says, for example `x86_64`. */
  readonly architecture: string;
  /** For example `26.05.20260601.abcdef`. */
  readonly nixosVersion?: string;
}

/**
 * Asks a machine what it runs, in one round trip.
 *
 * @throws {@link UnreachableError}
 */
export async function currentState(host: Host): Promise<HostState> {
  const { stdout } = await host.run(["sh", "-c", readScript("state.sh")], {
    title: "asking what the machine runs",
  });
  const { bootId = "", kernel = "", architecture = "", ...rest } = Object.fromEntries(readValues(stdout));
  return { ...rest, bootId, kernel, architecture };
}
