{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.system.nixos;
in
{
  imports = [
    (lib.mkRenamedOptionModule [ "system" "nixosVersion" ] [ "system" "nixos" "version" ])
    (lib.mkRenamedOptionModule [ "system" "nixosLabel" ] [ "system" "nixos" "label" ])
  ];
  options.system = {
    nixos = {
      version = mkOption { internal = true; type = types.str; description = "The full NixOS version."; };
      release = mkOption { readOnly = true; type = types.str; default = lib.trivial.release; description = "The NixOS release."; };
      versionSuffix = mkOption { internal = true; type = types.str; default = lib.trivial.versionSuffix; description = "The NixOS version suffix."; };
      revision = mkOption { internal = true; type = types.nullOr types.str; default = null; description = "The Git revision from which this NixOS configuration was built."; };
      codeName = mkOption { readOnly = true; type = types.str; default = lib.trivial.codeName; description = "The NixOS release code name."; };
      distroId = mkOption { internal = true; type = types.str; default = "nixos"; description = "The id of the operating system."; };
      distroName = mkOption { internal = true; type = types.str; default = "NixOS"; description = "The name of the operating system."; };
      tags = mkOption { type = types.listOf types.str; default = [ ]; description = "Strings to prefix to the default label."; };
      label = mkOption { type = types.strMatching "[a-zA-Z0-9:_\\.-]*"; description = "NixOS version name to be used in the names of generated outputs and boot labels."; };
    };
    stateVersion = mkOption {
      type = types.str;
      default = lib.warn "system.stateVersion is not set, defaulting to ${cfg.release}. Read why this matters on https://nixos.org/manual/nixos/stable/options.html#opt-system.stateVersion." cfg.release;
      defaultText = lib.literalExpression "config.${lib.showOption [ "system" "nixos" "release" ]}";
      description = "The first version of NixOS that was installed on this machine.";
    };
    configurationRevision = mkOption { type = types.nullOr types.str; default = null; description = "The Git revision of the top-level flake from which this configuration was built."; };
  };
  config = {
    system.nixos = {
      version = lib.mkDefault (cfg.release + cfg.versionSuffix);
      label = lib.mkDefault (lib.concatStringsSep "-" (cfg.tags ++ [ cfg.version ]));
    };
    assertions = [ {
      assertion = builtins.match "[0-9]{2}\\.[0-9]{2}" config.system.stateVersion != null;
      message = "${config.system.stateVersion} is an invalid value for 'system.stateVersion'; it must be in the format \"YY.MM\", which corresponds to a prior release of NixOS.";
    } ];
    environment.etc."os-release".text = ''
      BUG_REPORT_URL="https://github.com/NixOS/nixpkgs/issues"
      ID=${cfg.distroId}
      NAME=${cfg.distroName}
      PRETTY_NAME="${cfg.distroName} ${cfg.release} (${cfg.codeName})"
      VERSION="${cfg.release} (${cfg.codeName})"
      VERSION_CODENAME=${lib.toLower cfg.codeName}
      VERSION_ID="${cfg.release}"
    '';
  };
}
