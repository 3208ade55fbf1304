# From modules to an evaluated NixOS configuration, with nixpkgs' arguments and results.
evalConfigArgs@
{ system ? builtins.currentSystem
, pkgs ? null
, lib ? import ../../lib
, baseModules ? import ../modules/module-list.nix
, extraModules ? [ ]
, modules
, modulesLocation ? (builtins.unsafeGetAttrPos "modules" evalConfigArgs).file or null
, specialArgs ? { }
, extraArgs ? { }
, check ? true
, prefix ? [ ]
}:
let
  inherit (lib) mkIf mkDefault mkForce optional;

  pkgsModule = {
    _file = ./eval-config.nix;
    key = ./eval-config.nix;
    config = lib.mkMerge (
      optional (system != null) { nixpkgs.system = mkDefault system; }
      ++ optional (pkgs != null) { _module.args.pkgs = mkForce pkgs; }
    );
  };
  argsModule = {
    _file = ./eval-config.nix;
    config._module = {
      args = extraArgs // { inherit baseModules extraModules modules; noUserModules = noUser; };
      check = mkDefault check;
    };
  };
  located = if modulesLocation == null then modules else map (lib.setDefaultModuleLocation modulesLocation) modules;

  evaluate = modules: lib.evalModules {
    inherit prefix modules;
    class = "nixos";
    specialArgs = { modulesPath = toString ../modules; } // specialArgs;
  };
  noUser = evaluate (baseModules ++ extraModules ++ [ pkgsModule argsModule ]);
  whole = noUser.extendModules { modules = located; };

  withExtras = evaluated: evaluated // {
    inherit (evaluated._module.args) pkgs;
    inherit lib extraArgs;
    extendModules = args: withExtras (evaluated.extendModules args);
  };
in
withExtras whole
