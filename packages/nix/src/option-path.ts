import { printAttributeName } from "./print/attribute-name.js";

/** Where a value stands: attribute names and list indices, from the root of the configuration. */
export type Path = readonly (string | number)[];

/** A path as Nix writes it: `services.nginx.virtualHosts."shop.example".listen[0]`; the root is `(top level)`. */
export function showPath(path: Path): string {
  if (path.length === 0) return "(top level)";
  let shown = "";
  for (const part of path) {
    if (typeof part === "number") shown += `[${part}]`;
    else shown += `${shown === "" ? "" : "."}${showName(part)}`;
  }
  return shown;
}

function showName(name: string): string {
  // Names that Nix cannot hold still have to be shown in the error that says so.
  return /[\0\p{Surrogate}]/u.test(name) ? JSON.stringify(name) : printAttributeName(name);
}
