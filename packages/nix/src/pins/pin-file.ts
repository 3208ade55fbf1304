import { readFileSync } from "node:fs";

/** No nixpkgs was named and none was found, or what was named is not there. */
export class NixpkgsMissingError extends Error {
  override readonly name = "NixpkgsMissingError";
}

/** A pin could not be fetched; `message` may be shown bare. */
export class PinError extends Error {
  override readonly name = "PinError";
}

/**
 * Reads a JSON file of pins.
 *
 * @throws {@link NixpkgsMissingError} when it is missing or not JSON
 */
export function readPinFile(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new NixpkgsMissingError(
      `${file} is missing, so nothing pins nixpkgs there. Run \`nix flake lock\` or \`npins init\`.`,
    );
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new NixpkgsMissingError(`${file} is not JSON: ${(error as Error).message}`);
  }
}
