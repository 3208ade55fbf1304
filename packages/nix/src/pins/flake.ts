import { isAbsolute, resolve } from "node:path";
import { runNix } from "../cli/run.js";
import { PinError, type PinInUse } from "./pin.js";

/** An output of a flake, as `flake()` names it. */
export interface FlakeOutput {
  readonly __firnFlakeOutput: true;
  /** Flake reference without the output, for example `github:NixOS/nixos-hardware` or `.`. */
  readonly reference: string;
  /** Output, for example `["nixosModules", "x"]`. */
  readonly attribute: readonly string[];
}

/**
 * An output of a flake: `flake("github:NixOS/nixos-hardware/<revision>#nixosModules.lenovo-thinkpad-x1")`.
 *
 * @throws when the text names no output
 */
export function flake(text: string): FlakeOutput {
  const [reference = "", output = "", ...rest] = text.split("#");
  if (reference === "" || output === "" || rest.length > 0)
    throw new PinError(`${JSON.stringify(text)} names no output of a flake. Write it as "REFERENCE#OUTPUT".`);
  return { __firnFlakeOutput: true, reference, attribute: output.split(".") };
}

/** Whether a value is what {@link flake} returns, also by another copy of this package. */
export function isFlakeOutput(value: unknown): value is FlakeOutput {
  return typeof value === "object" && value !== null && "__firnFlakeOutput" in value;
}

/** A reference that means the same in every directory. */
export function absoluteReference(reference: string, root: string): string {
  const [, scheme = "", directory = ""] = /^(path:)?(.*)$/s.exec(reference) ?? [];
  const isDirectory = directory.startsWith(".") || isAbsolute(directory);
  return isDirectory ? `${scheme}${resolve(root, directory)}` : reference;
}

interface Metadata {
  readonly path: string;
  readonly url: string;
  readonly locked: { readonly narHash: string; readonly rev?: string };
}

/**
 * Fetches a flake with its inputs, as its lock file has them.
 *
 * @throws {@link PinError}
 */
export async function fetchFlake(reference: string): Promise<PinInUse> {
  const result = await runNix("nix", ["flake", "metadata", "--json", "--no-write-lock-file", reference]);
  if (result.exitCode !== 0)
    throw new PinError(`the flake ${reference} could not be fetched:\n${result.stderr.trim()}`);
  const { path, url, locked } = JSON.parse(result.stdout) as Metadata;
  const query = `narHash=${encodeURIComponent(locked.narHash)}`;
  return {
    portable: `(builtins.getFlake ${JSON.stringify(url)})`,
    local: `(builtins.getFlake ${JSON.stringify(`path:${path}?${query}`)})`,
    fingerprint: `${path} ${locked.narHash}`,
    directory: path,
  };
}
