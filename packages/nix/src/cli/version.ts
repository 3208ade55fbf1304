import { NixMissingError } from "./errors.js";
import { onceForNix } from "./once.js";
import { runNix } from "./run.js";
import { evaluationSettings } from "./settings.js";

/** Oldest Nix whose command line Firn speaks. */
export const OLDEST_NIX = "2.8";

/**
 * Version of the Nix on PATH, for example `2.8.0` or `2.91.1-lix`.
 *
 * @throws {@link NixMissingError} when there is none, or one older than {@link OLDEST_NIX}.
 */
export const nixVersion = onceForNix(async () => {
  const { stdout } = await runNix("nix-instantiate", ["--version"]);
  return parseNixVersion(stdout);
});

/** Asks Nix early what every evaluation asks first, so that none waits for it. */
export function warmUpNix(): void {
  for (const ask of [nixVersion, evaluationSettings]) ask().catch(() => {}); // who asks in earnest gets the error
}

/** Reads `nix-instantiate (Nix) 2.8.0` and Lix' `nix-instantiate (Lix, like Nix) 2.91.1`. */
export function parseNixVersion(text: string): string {
  const match = /\((Nix|Lix)[^)]*\)\s+((\d+)\.(\d+)\S*)/.exec(text);
  if (!match)
    throw new NixMissingError(
      `\`nix-instantiate --version\` answered ${JSON.stringify(text.trim())}, which names no Nix version.`,
    );
  const [, kind, version = "", major, minor] = match;
  const [oldMajor = 0, oldMinor = 0] = OLDEST_NIX.split(".").map(Number);
  if (Number(major) < oldMajor || (Number(major) === oldMajor && Number(minor) < oldMinor))
    throw new NixMissingError(
      `Nix ${version} is too old: Firn needs ${OLDEST_NIX} or newer. Upgrade Nix and run again.`,
    );
  return kind === "Lix" ? `${version}-lix` : version;
}
