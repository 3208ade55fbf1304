import { nix, type Path } from "@firn/nix";

/** Name of the module argument that gives a placeholder for an option path; see `nix/unknown.nix`. */
export const UNKNOWN_ARGUMENT = "firnUnknown";

const UNKNOWN = nix(UNKNOWN_ARGUMENT);

/** An expression that stands for a value which is not known yet, and has the type of the option at `path`. */
export function unknownAt(path: Path) {
  return nix`${UNKNOWN} ${path.map(String)}`;
}
