{ lib, types, mkOptionType, simple, addCheck, ... }:
let
  inherit (builtins) isString isPath hasContext substring;
in
{
  package = mkOptionType {
    name = "package";
    descriptionClass = "noun";
    check = x: lib.isDerivation x || lib.isStorePath x;
    merge = loc: defs:
      let package = lib.mergeOneOption loc defs;
      in if isPath package || isString package && !hasContext package then lib.toDerivation package else package;
  };
  shellPackage = types.package // { check = x: lib.isDerivation x && x ? shellPath; };
  pkgs = addCheck
    (types.unique { message = "A Nixpkgs pkgs set can not be merged with another pkgs set."; } types.attrs // {
      name = "pkgs";
      descriptionClass = "noun";
      description = "Nixpkgs package set";
    })
    (x: x._type or null == "pkgs");
  path = mkOptionType {
    name = "path";
    descriptionClass = "noun";
    check = x: lib.isStringLike x && substring 0 1 (toString x) == "/";
    merge = lib.mergeEqualOption;
  };
  externalPath = types.pathWith { absolute = true; inStore = false; };
  pathInStore = simple "pathInStore" "path in the Nix store"
    (x: lib.isStringLike x && builtins.match "${builtins.storeDir}/[^.].*" (toString x) != null)
    lib.mergeEqualOption;
  pathWith = { absolute ? null, inStore ? null }: mkOptionType {
    name = "path";
    description = (if absolute == null then "path" else if absolute then "absolute path" else "relative path")
      + (if inStore == null then "" else if inStore then " in the Nix store" else " not in the Nix store");
    descriptionClass = "noun";
    merge = lib.mergeEqualOption;
    check = x:
      let isStore = builtins.match "${builtins.storeDir}/[^.].*" (toString x) != null;
      in lib.isStringLike x && (inStore == null || inStore == isStore)
        && (absolute == null || absolute == (substring 0 1 (toString x) == "/"));
  };
}
