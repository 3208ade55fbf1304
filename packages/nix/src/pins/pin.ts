import { quoteString } from "../print/quote-string.js";
import { fingerprintTree } from "./fingerprint-tree.js";
import { fetchFlake } from "./flake.js";
import { fetchSources, fetchTree, type SourceAttributes } from "./sources.js";

/** A source of Nix code that cannot change under a deployment. */
export type Pin =
  /** A directory of this computer, read in place. */
  | { readonly kind: "path"; readonly path: string }
  /** A locked source: it carries a `narHash`, or at least a revision. `file` is the one of npins or niv that pins it. */
  | { readonly kind: "fetched"; readonly attributes: SourceAttributes; readonly file?: string }
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
  /** Directories that an evaluation of `local` reads. */
  readonly allow: readonly string[];
  /** What is wrong with it as a pin, for people. */
  readonly warning?: string;
}

/**
 * Brings a pin to this computer unless it is there already.
 *
 * @throws {@link PinError}
 */
export async function usePin(pin: Pin): Promise<PinInUse> {
  if (pin.kind === "path") {
    const local = pathOf(pin.path);
    const fingerprint = fingerprintTree(pin.path);
    return { portable: local, local, fingerprint, directory: pin.path, allow: [pin.path] };
  }
  if (pin.kind === "flake") return fetchFlake(pin.reference);
  const [path] = await fetchSources([pin.attributes]);
  if (typeof path !== "string") throw path;
  const directory = pin.attributes.dir ? `${path}/${pin.attributes.dir}` : path;
  const portable = inDirectory(fetchPortably(pin.attributes), pin.attributes.dir);
  return { portable, local: pathOf(directory), fingerprint: directory, directory, allow: [path] };
}

function pathOf(path: string): string {
  return `(/. + ${quoteString(path)})`;
}

/** Tarballs need no experimental feature of those who build the rendered files. */
function fetchPortably(attributes: SourceAttributes): string {
  const { type, url, narHash } = attributes;
  if (type === "tarball" && typeof url === "string" && typeof narHash === "string")
    return `(builtins.fetchTarball { url = ${quoteString(url)}; sha256 = ${quoteString(narHash)}; })`;
  return `(${fetchTree(attributes)}).outPath`;
}

function inDirectory(source: string, directory: SourceAttributes[string] | undefined): string {
  return directory ? `(${source} + ${quoteString(`/${directory}`)})` : source;
}
