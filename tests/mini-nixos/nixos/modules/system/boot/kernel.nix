{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.boot;
  inherit (cfg.kernelPackages) kernel;
in
{
  options.boot = {
    isContainer = mkOption { type = types.bool; default = false; description = "Whether this NixOS machine is a lightweight container running in another NixOS system."; };
    kernel.enable = mkOption { type = types.bool; default = !cfg.isContainer; description = "Whether to enable the Linux kernel."; };
    kernelPackages = mkOption { default = pkgs.linuxPackages; type = types.raw; defaultText = lib.literalExpression "pkgs.linuxPackages"; description = "This option allows you to override the Linux kernel used by NixOS."; };
    kernelParams = mkOption { type = types.listOf (types.strMatching "([^\"[:space:]]|\"[^\"]*\")+" // { name = "kernelParam"; description = "string, with spaces inside double quotes"; }); default = [ ]; description = "Parameters added to the kernel command line."; };
    kernelModules = mkOption { type = types.listOf types.str; default = [ ]; description = "The set of kernel modules to be loaded in the second stage of the boot process."; };
    blacklistedKernelModules = mkOption { type = types.listOf types.str; default = [ ]; description = "Set of names of kernel modules that should not be loaded automatically by the hardware probing code."; };
    extraModulePackages = mkOption { type = types.listOf types.package; default = [ ]; description = "A list of additional packages supplying kernel modules."; };
    extraModprobeConfig = mkOption { type = types.lines; default = ""; description = "Any additional configuration to be appended to the generated {file}`modprobe.conf`."; };
    consoleLogLevel = mkOption { type = types.int; default = 4; description = "The kernel console `loglevel`."; };
    growPartition = mkOption { type = types.bool; default = false; description = "Whether to grow the root partition on boot."; };
  };
  config = lib.mkIf cfg.kernel.enable {
    boot.kernelParams = [ "loglevel=${toString cfg.consoleLogLevel}" ];
    system.build = { inherit kernel; };
    system.modulesTree = [ kernel ];
    system.systemBuilderCommands = ''
      ln -s ${kernel}/bzImage $out/kernel
      ln -s ${kernel} $out/kernel-modules
      echo -n ${lib.escapeShellArg (toString cfg.kernelParams)} > $out/kernel-params
    '';
    environment.etc."modules-load.d/nixos.conf" = lib.mkIf (cfg.kernelModules != [ ]) { text = lib.concatLines cfg.kernelModules; };
  };
}
