import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * @typedef {object} InstalledPackage
 * @property {string} name
 * @property {string} version without a leading "v"
 * @property {boolean} direct whether the program's own package.json names it
 * @property {{ resource?: boolean, name?: string, version?: string, server?: string }} [pulumi]
 */

/**
 * Every npm package that a program can load, found along the `dependencies` of the nearest package.json.
 *
 * @param {string} programDirectory
 * @returns {InstalledPackage[]} sorted by name; empty where there is no package.json
 */
export function installedPackages(programDirectory) {
  const root = above(programDirectory).find((folder) => existsSync(join(folder, "package.json")));
  if (root === undefined) return [];
  /** @type {Map<string, InstalledPackage>} */
  const found = new Map();
  const manifest = readManifest(root);
  const queue = dependencyNames(manifest, ["dependencies", "devDependencies", "optionalDependencies"]).map(
    (name) => ({ name, from: root, direct: true }),
  );
  for (const { name, from, direct } of queue) {
    const folder = above(from)
      .map((parent) => join(parent, "node_modules", name))
      .find((candidate) => existsSync(join(candidate, "package.json")));
    if (folder === undefined || found.has(folder)) continue;
    const { version = "0.0.0", pulumi, ...rest } = readManifest(folder);
    found.set(folder, { name, version, direct, pulumi });
    const next = dependencyNames(rest, ["dependencies", "optionalDependencies", "peerDependencies"]);
    queue.push(...next.map((dependency) => ({ name: dependency, from: folder, direct: false })));
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/**
 * The provider plugins that a program's packages speak to, as their package.json declares them.
 *
 * @param {readonly InstalledPackage[]} packages
 * @returns {{ name: string, version: string, server: string }[]} versions with a leading "v"
 */
export function providerPlugins(packages) {
  return packages
    .filter(({ pulumi }) => pulumi?.resource === true)
    .map(({ name, version, pulumi }) => ({
      name: pulumi?.name ?? name.replace(/^@pulumi\//, ""),
      version: `v${(pulumi?.version ?? version).replace(/^v/, "")}`,
      server: pulumi?.server ?? "",
    }));
}

/** @param {string} folder @returns {string[]} the folder and everything above it */
function above(folder) {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...above(parent)];
}

/** @param {string} folder */
function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

/**
 * @param {Record<string, Record<string, string> | undefined>} manifest
 * @param {readonly string[]} kinds
 */
function dependencyNames(manifest, kinds) {
  return kinds.flatMap((kind) => Object.keys(manifest[kind] ?? {}));
}
