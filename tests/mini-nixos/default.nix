# The package set, with nixpkgs' arguments: `import ./. { system = "x86_64-linux"; }`.
{ localSystem ? { system = args.system or builtins.currentSystem; }
, system ? localSystem
, crossSystem ? null
, config ? { }
, overlays ? [ ]
, crossOverlays ? [ ]
, ...
}@args:
let
  lib = import ./lib;
  host = lib.systems.elaborate (if args ? system then args.system else localSystem);

  stages = [ (import ./pkgs/builders.nix) (import ./pkgs/packages.nix) ] ++ overlays;
  base = final: {
    inherit lib config overlays;
    _type = "pkgs";
    inherit (host) system;
    path = ./.;
    pkgs = final;
    callPackage = lib.callPackageWith final;
    newScope = scope: lib.callPackageWith (final // scope);
    extend = overlay: import ./. (args // { overlays = overlays ++ [ overlay ]; });
    appendOverlays = more: import ./. (args // { overlays = overlays ++ more; });
    stdenv = import ./pkgs/stdenv.nix { inherit lib host; config = { allowUnfree = false; } // config'; };
  };
  config' = if builtins.isFunction config then config { pkgs = final; } else config;
  final = builtins.foldl' (prev: overlay: prev // overlay final prev) (base final) stages;
in
if crossSystem != null then throw "the miniature has no cross compilation" else final
