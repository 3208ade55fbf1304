/** Arguments that every NixOS module of a network can ask for, in the order in which people write them. */
export const MODULE_ARGUMENTS: readonly string[] = [
  "config",
  "lib",
  "pkgs",
  "options",
  "modulesPath",
  "nodes",
];

/** Names that Nix defines everywhere. */
const BUILTINS = new Set([
  "abort",
  "baseNameOf",
  "break",
  "builtins",
  "derivation",
  "derivationStrict",
  "dirOf",
  "false",
  "fetchGit",
  "fetchMercurial",
  "fetchTarball",
  "fetchTree",
  "fromTOML",
  "import",
  "isNull",
  "map",
  "null",
  "placeholder",
  "removeAttrs",
  "scopedImport",
  "throw",
  "toString",
  "true",
]);

/** Whether Nix defines the name everywhere, like `map` and `true`. */
export function isBuiltin(name: string): boolean {
  return BUILTINS.has(name) || name.startsWith("__");
}
