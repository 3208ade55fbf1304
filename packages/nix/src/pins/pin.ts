import { runNix } from "../cli/run.js";

/** A source of Nix code that cannot change under a deployment. */
export type Pin =
  /** A directory of this computer, read in place. */
  | { readonly kind: "path"; readonly path: string }
  /** Locked attributes for `builtins.fetchTree`; they carry a `narHash`. */
  | { readonly kind: "fetched"; readonly attributes: Readonly<Record<string, string | number | boolean>> };

/** A pin could not be fetched; `message` may be shown bare. */
export class PinError extends Error {
  override readonly name = "PinError";
}

/** The pin as a Nix expression, for the rendered files, which build without Firn. */
export function pinExpression(pin: Pin): string {
  if (pin.kind === "path") return `/. + ${JSON.stringify(pin.path)}`;
  const fields = Object.entries(pin.attributes).map(([name, value]) => `${name} = ${JSON.stringify(value)};`);
  return `(builtins.fetchTree { ${fields.join(" ")} }).outPath`;
}

/**
 * Fetches a pin unless it is there already: the directory where its files are.
 *
 * @throws {@link PinError}
 */
export async function fetchPin(pin: Pin): Promise<string> {
  if (pin.kind === "path") return pin.path;
  const result = await runNix("nix-instantiate", [
    "--eval",
    "--json",
    "--read-write-mode",
    "--expr",
    pinExpression(pin),
  ]);
  if (result.exitCode === 0) return JSON.parse(result.stdout) as string;
  throw new PinError(
    `nixpkgs could not be fetched (${JSON.stringify(pin.attributes)}):\n${result.stderr.trim()}`,
  );
}
