# An initial ramdisk to be named, compared and linked, not booted.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.boot.initrd;
  modules = description: mkOption { type = types.listOf types.str; default = [ ]; inherit description; };
  ramdisk = pkgs.runCommand "initrd-linux-${config.boot.kernelPackages.kernel.version}"
    { contents = builtins.toJSON { inherit (cfg) availableKernelModules kernelModules secrets; }; }
    ''
      mkdir $out; echo "$contents" > $out/initrd
      cp ${pkgs.writeText "stage-1" stage1} $out/stage-1
    '';
  # What it would do, for machines of tests, whose root file system is there already.
  stage1 =
    if cfg.systemd.enable
    then lib.concatMapStrings (service: "(\n${service.script or ""}\n)\n") (lib.attrValues cfg.systemd.services)
    else "targetRoot=/sysroot\n${cfg.postMountCommands}";
in
{
  options.boot.initrd = {
    enable = mkOption { type = types.bool; default = !config.boot.isContainer; description = "Whether to enable the NixOS initial RAM disk (initrd)."; };
    availableKernelModules = modules "The set of kernel modules in the initial ramdisk used during the boot process.";
    kernelModules = modules "List of modules that are always loaded by the initrd.";
    supportedFilesystems = mkOption { default = { }; type = types.coercedTo (types.listOf types.str) (names: lib.genAttrs names (_: true)) (types.attrsOf types.bool); description = "Names of supported filesystem types in the initial ramdisk."; };
    secrets = mkOption { default = { }; type = types.attrsOf (types.nullOr types.path); description = "Secrets to append to the initrd."; };
    postMountCommands = mkOption { type = types.lines; default = ""; description = "Shell commands to be executed immediately after the stage 1 filesystems have been mounted."; };
    systemd.services = mkOption { type = types.attrsOf types.attrs; default = { }; description = "Definition of systemd services in the initial ramdisk."; };
    systemd.enable = mkOption { type = types.bool; default = true; description = "Whether to enable systemd in initrd."; };
    includeDefaultModules = mkOption { type = types.bool; default = true; description = "This option, if set, adds a collection of default kernel modules."; };
    network.enable = mkOption { type = types.bool; default = false; description = "Add network connectivity support to initrd."; };
    luks.devices = mkOption { default = { }; type = types.attrsOf types.attrs; description = "The encrypted disk that should be opened before the root filesystem is mounted."; };
  };
  config.system = lib.mkIf cfg.enable {
    build.initialRamdisk = ramdisk;
    systemBuilderCommands = "ln -s ${ramdisk}/initrd $out/initrd";
  };
}
