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
  build = lib.systems.elaborate (if args ? system then args.system else localSystem);
  host = if crossSystem == null then build else lib.systems.elaborate crossSystem;

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
    buildPackages = if host.system == build.system then final else import ./. (builtins.removeAttrs args [ "crossSystem" ]);
    stdenv = import ./pkgs/stdenv.nix { inherit lib host build; config = { allowUnfree = false; } // config'; };
  };
  config' = if builtins.isFunction config then config { pkgs = final; } else config;
  final = builtins.foldl' (prev: overlay: prev // overlay final prev) (base final) stages;
in
final
