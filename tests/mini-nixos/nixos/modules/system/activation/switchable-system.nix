{ config, lib, pkgs, ... }:
let
  pair = name: value: "  ${builtins.toJSON name}: ${builtins.toJSON value}";
  # A line a pair, as jq writes it.
  inhibitors = pkgs.writeText "switch-inhibitors" "{\n${lib.concatStringsSep ",\n" (lib.mapAttrsToList pair config.system.switch.inhibitors)}\n}\n";
in
{
  options.system.switch = {
    enable = lib.mkOption {
      type = lib.types.bool;
      default = true;
      description = "Whether to include the capability to switch configurations.";
    };
    inhibitors = lib.mkOption {
      type = lib.types.attrsOf lib.types.str;
      default = { };
      description = "Attribute set of strings that will prevent switching into a configuration when they change.";
    };
  };
  config.system.systemBuilderCommands = lib.mkIf config.system.switch.enable ''
    mkdir -p $out/bin
    sed -e "s|@out@|$out|g" -e 's|@shell@|${pkgs.runtimeShell}|g' -e 's|@path@|${pkgs.busybox}/bin|g' \
      -e 's|@installBootLoader@|${config.system.build.installBootLoader}|g' ${./switch-to-configuration.sh} > $out/bin/switch-to-configuration
    chmod +x $out/bin/switch-to-configuration
    ln -s ${inhibitors} $out/switch-inhibitors
  '';
}
