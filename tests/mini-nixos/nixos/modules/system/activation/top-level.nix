# The system: one directory that has everything.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.system;

  failed = map (each: each.message) (lib.filter (each: !each.assertion) config.assertions);
  checked = system:
    if failed != [ ] then throw "\nFailed assertions:\n${lib.concatMapStringsSep "\n" (message: "- ${message}") failed}"
    else lib.showWarnings config.warnings system;

  toplevel = pkgs.stdenv.mkDerivation {
    name = "nixos-system-${cfg.name}-${cfg.nixos.label}";
    preferLocalBuild = true;
    allowSubstitutes = false;
    inherit (cfg.build) activationScript dryActivationScript;
    nixosLabel = cfg.nixos.label;
    passAsFile = [ "activationScript" "dryActivationScript" "buildCommand" ];
    buildCommand = ''
      mkdir $out
      install() { sed -e "s|@out@|$out|g" -e "s|@systemConfig@|$out|g" "$1" > "$out/$2"; chmod +x "$out/$2"; }
      install "$activationScriptPath" activate
      install "$dryActivationScriptPath" dry-activate
      install ${cfg.build.bootStage2} init
      ln -s ${cfg.build.etc}/etc $out/etc
      ln -s ${cfg.path} $out/sw
      ln -s ${config.systemd.package} $out/systemd
      echo -n systemd 257 > $out/init-interface-version
      echo -n "$nixosLabel" > $out/nixos-version
      echo -n ${pkgs.stdenv.hostPlatform.system} > $out/system
      ${cfg.systemBuilderCommands}
      ${cfg.extraSystemBuilderCmds}
    '';
  };
in
{
  options.system = {
    name = mkOption {
      type = types.str;
      default = if config.networking.hostName == "" then "unnamed" else config.networking.hostName;
      defaultText = lib.literalExpression "if config.networking.hostName == \"\" then \"unnamed\" else config.networking.hostName;";
      description = "The name of the system used in the {option}`system.build.toplevel` derivation.";
    };
    build = mkOption {
      default = { };
      description = "Attribute set of derivations used to set up the system.";
      type = types.submoduleWith { modules = [ { freeformType = types.lazyAttrsOf (types.uniq types.unspecified); options.toplevel = mkOption { type = types.package; readOnly = true; description = "This option contains the store path that typically represents a NixOS system."; }; } ]; };
    };
    systemBuilderCommands = mkOption { type = types.lines; internal = true; default = ""; description = "This code will be added to the builder creating the system store path."; };
    extraSystemBuilderCmds = mkOption { type = types.lines; internal = true; default = ""; description = "This code will be added to the builder creating the system store path."; };
    extraDependencies = mkOption { type = types.listOf types.pathInStore; default = [ ]; description = "A list of paths that should be included in the system closure but generally not visible to users."; };
    modulesTree = mkOption { type = types.listOf types.path; internal = true; default = [ ]; description = "Tree of kernel modules."; };
    copySystemConfiguration = mkOption { type = types.bool; default = false; description = "Whether to copy the NixOS configuration file to the system."; };
  };
  config.system = {
    build.toplevel = checked toplevel;
    extraSystemBuilderCmds = lib.mkIf (cfg.extraDependencies != [ ]) "echo ${toString cfg.extraDependencies} > $out/extra-dependencies";
  };
}
