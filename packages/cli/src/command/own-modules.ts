import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/**
 * The project's own module files, as the networks name them that its last preview or deployment rendered.
 *
 * @param root directory of Pulumi.yaml
 * @returns absolute paths, each once
 */
export function ownModules(root: string): string[] {
  const found = new Set<string>();
  for (const file of renderedNetworks(root))
    for (const [, path] of readFileSync(file, "utf8").matchAll(/\(\.\/\. \+ "(\/[^"]+)"\)/g)) {
      const module = join(dirname(file), path ?? "");
      if (!relative(root, module).startsWith("..") && existsSync(module)) found.add(module);
    }
  return [...found].sort();
}

/** `.firn/STACK/NETWORK/default.nix`, for every stack and network. */
function renderedNetworks(root: string): string[] {
  const folders = (directory: string) =>
    existsSync(directory)
      ? readdirSync(directory, { withFileTypes: true })
          .filter((entry) => entry.isDirectory())
          .map((entry) => join(directory, entry.name))
      : [];
  return folders(join(root, ".firn"))
    .flatMap(folders)
    .map((network) => join(network, "default.nix"))
    .filter(existsSync);
}
