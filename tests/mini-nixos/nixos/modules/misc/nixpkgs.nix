# Which package set the machine uses.
{ config, options, lib, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.nixpkgs;
  opt = options.nixpkgs;
  isCross = !(lib.systems.equals cfg.buildPlatform cfg.hostPlatform);
  platforms =
    if !opt.hostPlatform.isDefined then { inherit (cfg) localSystem crossSystem; }
    else if isCross then { localSystem = cfg.buildPlatform; crossSystem = cfg.hostPlatform; }
    else { localSystem = cfg.hostPlatform; };
in
{
  options.nixpkgs = {
    pkgs = mkOption {
      type = types.pkgs;
      default = import ../../.. (platforms // { inherit (cfg) config overlays; });
      defaultText = lib.literalExpression "import \"\${nixos}/..\" { inherit (cfg) config overlays localSystem crossSystem; }";
      description = "If set, the pkgs argument to all NixOS modules is the value of this option.";
    };
    config = mkOption {
      default = { };
      type = lib.mkOptionType {
        name = "nixpkgs-config";
        description = "nixpkgs config";
        check = builtins.isAttrs;
        merge = _: defs: lib.foldl' lib.recursiveUpdate { } (map (def: def.value) defs);
      };
      example = { allowUnfree = true; };
      description = "Global configuration for Nixpkgs.";
    };
    overlays = mkOption {
      default = [ ];
      type = types.listOf (lib.mkOptionType { name = "nixpkgs-overlay"; description = "nixpkgs overlay"; check = lib.isFunction; merge = lib.mergeOneOption; });
      description = "List of overlays to apply to Nixpkgs.";
    };
    hostPlatform = mkOption {
      type = types.either types.str types.attrs;
      example = "aarch64-linux";
      apply = lib.systems.elaborate;
      description = "Specifies the platform where the NixOS configuration will run.";
    };
    buildPlatform = mkOption {
      type = types.either types.str types.attrs;
      default = cfg.hostPlatform;
      defaultText = lib.literalExpression "config.nixpkgs.hostPlatform";
      apply = lib.systems.elaborate;
      description = "Specifies the platform on which NixOS should be built.";
    };
    localSystem = mkOption { type = types.attrs; default = { inherit (cfg) system; }; apply = lib.systems.elaborate; description = "Legacy way to specify the platform."; };
    crossSystem = mkOption { type = types.nullOr types.attrs; default = null; description = "Legacy way to specify cross compilation."; };
    system = mkOption {
      type = types.str;
      example = "i686-linux";
      description = "Specifies the Nix platform type on which NixOS should be built.";
    };
  };
  config._module.args.pkgs = cfg.pkgs;
}
