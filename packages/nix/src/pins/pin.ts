import { runNix } from "../cli/run.js";
import { fingerprintTree } from "./fingerprint-tree.js";
import { fetchFlake } from "./flake.js";

/** A source of Nix code that cannot change under a deployment. */
export type Pin =
  /** A directory of this computer, read in place. */
  | { readonly kind: "path"; readonly path: string }
  /** Locked attributes for `builtins.fetchTree`; they carry a `narHash`. */
  | { readonly kind: "fetched"; readonly attributes: Readonly<Record<string, string | number | boolean>> }
  /** A flake by its reference, absolute where it is a directory; its own lock file pins its inputs. */
  | { readonly kind: "flake"; readonly reference: string };

/** A pin that is on this computer, ready for evaluation. */
export interface PinInUse {
  /** Nix text for people's use: the rendered files, which build without Firn. */
  readonly portable: string;
  /** Nix text for restricted evaluation on this computer: a path or, for a flake, the evaluated flake. */
  readonly local: string;
  /** Differs when the contents do. */
  readonly fingerprint: string;
  /** Where its files are. */
  readonly directory: string;
}

/** A pin could not be fetched; `message` may be shown bare. */
export class PinError extends Error {
  override readonly name = "PinError";
}

/**
 * Brings a pin to this computer unless it is there already.
 *
 * @throws {@link PinError}
 */
export async function usePin(pin: Pin): Promise<PinInUse> {
  if (pin.kind === "path") {
    const local = `(/. + ${JSON.stringify(pin.path)})`;
    return { portable: local, local, fingerprint: fingerprintTree(pin.path), directory: pin.path };
  }
  if (pin.kind === "flake") return fetchFlake(pin.reference);
  const fields = Object.entries(pin.attributes).map(([name, value]) => `${name} = ${JSON.stringify(value)};`);
  const portable = `(builtins.fetchTree { ${fields.join(" ")} }).outPath`;
  const result = await runNix("nix-instantiate", [
    "--eval",
    "--json",
    "--read-write-mode",
    "--expr",
    portable,
  ]);
  if (result.exitCode !== 0)
    throw new PinError(
      `nixpkgs could not be fetched (${JSON.stringify(pin.attributes)}):\n${result.stderr.trim()}`,
    );
  const path = JSON.parse(result.stdout) as string;
  return { portable, local: `(/. + ${JSON.stringify(path)})`, fingerprint: path, directory: path };
}
