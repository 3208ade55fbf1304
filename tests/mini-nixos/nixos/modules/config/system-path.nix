# What is in /run/current-system/sw.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.environment;
in
{
  options = {
    environment = {
      systemPackages = mkOption { type = types.listOf types.package; default = [ ]; example = lib.literalExpression "[ pkgs.firefox pkgs.thunderbird ]"; description = "The set of packages that appear in /run/current-system/sw."; };
      defaultPackages = mkOption { type = types.listOf types.package; default = [ ]; description = "Set of default packages that aren't strictly necessary for a running system."; };
      pathsToLink = mkOption { type = types.listOf types.str; default = [ ]; example = [ "/" ]; description = "List of directories to be symlinked in {file}`/run/current-system/sw`."; };
      extraOutputsToInstall = mkOption { type = types.listOf types.str; default = [ ]; description = "Entries listed here will be appended to the `meta.outputsToInstall` attribute."; };
      variables = mkOption { default = { }; type = types.attrsOf (types.oneOf [ (types.listOf (types.oneOf [ types.int types.str types.path ])) types.int types.str types.path ]); description = "A set of environment variables used in the global environment."; };
      sessionVariables = mkOption { default = { }; type = types.attrsOf (types.either types.str (types.listOf types.str)); description = "A set of environment variables used in the global environment, set by PAM."; };
      shellAliases = mkOption { default = { }; type = types.attrsOf (types.nullOr types.str); description = "Aliases of the shells."; };
    };
    system.path = mkOption { internal = true; type = types.package; description = "The packages you want in the boot environment."; };
  };
  config = {
    environment.systemPackages = cfg.defaultPackages;
    environment.pathsToLink = [ "/bin" "/sbin" "/lib" "/share" "/etc" ];
    environment.etc."profile.d/nixos.sh" = lib.mkIf (cfg.variables != { } || cfg.sessionVariables != { } || cfg.shellAliases != { }) {
      text = lib.concatStrings (
        lib.mapAttrsToList (name: value: "export ${name}=${lib.escapeShellArg (lib.concatMapStringsSep ":" toString (lib.toList value))}\n") (cfg.sessionVariables // cfg.variables)
        ++ lib.mapAttrsToList (name: value: "alias -- ${name}=${lib.escapeShellArg value}\n") (lib.filterAttrs (_: value: value != null) cfg.shellAliases)
      );
    };
    system.path = pkgs.buildEnv {
      name = "system-path";
      paths = lib.unique cfg.systemPackages;
      inherit (cfg) pathsToLink;
      ignoreCollisions = true;
    };
  };
}
