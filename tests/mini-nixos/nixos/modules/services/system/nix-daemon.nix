# Nix' own configuration; the image's stays where nothing is set.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.nix;
  atom = types.oneOf [ types.bool types.int types.float types.str types.path types.package ];
  show = value: if builtins.isBool value then lib.boolToString value else toString value;
in
{
  options.nix = {
    enable = mkOption { type = types.bool; default = true; description = "Whether to enable Nix."; };
    package = lib.mkPackageOption pkgs "nix" { };
    settings = mkOption { type = types.submodule { freeformType = types.attrsOf (types.either atom (types.listOf atom)); }; default = { }; description = "Configuration for Nix, see {manpage}`nix.conf(5)`."; };
    extraOptions = mkOption { type = types.lines; default = ""; description = "Additional text appended to {file}`nix.conf`."; };
    nixPath = mkOption { type = types.listOf types.str; default = [ ]; description = "The default Nix expression search path."; };
    channel.enable = mkOption { type = types.bool; default = true; description = "Whether the {command}`nix-channel` command and state files are made available on the machine."; };
    registry = mkOption { type = types.attrsOf types.attrs; default = { }; description = "A system-wide flake registry."; };
  };
  config.environment.systemPackages = lib.mkIf cfg.enable [ cfg.package ];
  config.environment.etc = lib.mkIf (cfg.enable && (cfg.settings != { } || cfg.extraOptions != "")) {
    "nix/nix.conf".text = lib.concatStrings (lib.mapAttrsToList (name: value: "${name} = ${show value}\n")
      ({ build-users-group = ""; } // cfg.settings)) + cfg.extraOptions;
  };
}
