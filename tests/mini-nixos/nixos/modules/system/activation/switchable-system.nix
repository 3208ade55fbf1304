{ config, lib, pkgs, ... }:
{
  options.system.switch.enable = lib.mkOption {
    type = lib.types.bool;
    default = true;
    description = "Whether to include the capability to switch configurations.";
  };
  config.system.systemBuilderCommands = lib.mkIf config.system.switch.enable ''
    mkdir -p $out/bin
    sed -e "s|@out@|$out|g" -e 's|@shell@|${pkgs.runtimeShell}|g' -e 's|@path@|${pkgs.busybox}/bin|g' \
      -e 's|@installBootLoader@|${config.system.build.installBootLoader}|g' ${./switch-to-configuration.sh} > $out/bin/switch-to-configuration
    chmod +x $out/bin/switch-to-configuration
  '';
}
