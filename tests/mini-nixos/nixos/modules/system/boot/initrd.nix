# The initial ramdisk. With a kernel that does not boot, it is there to be named, compared and linked.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.boot.initrd;
  modules = description: mkOption { type = types.listOf types.str; default = [ ]; inherit description; };
  inherit (config.boot.kernelPackages) kernel;
  ramdisk = if kernel.boots or false then bootable else named;
  named = pkgs.runCommand "initrd-linux-${config.boot.kernelPackages.kernel.version}"
    { contents = builtins.toJSON { inherit (cfg) availableKernelModules kernelModules secrets; }; }
    ''
      mkdir $out; echo "$contents" > $out/initrd
      cp ${pkgs.writeText "stage-1" stage1} $out/stage-1
    '';
  bootable = pkgs.runCommand "initrd-linux-${kernel.version}"
    { stage1 = pkgs.writeScript "stage-1-init.sh" (lib.replaceStrings
        [ "@rootDevice@" "@rootFsType@" "@postMount@" ]
        [ config.fileSystems."/".device config.fileSystems."/".fsType stage1 ]
        (builtins.readFile ./stage-1-init.sh));
    }
    ''
      mkdir -p $out root/bin root/dev root/modules root/proc root/sys root/sysroot root/run
      cp ${pkgs.busybox}/bin/busybox root/bin/
      for name in ${toString (cfg.kernelModules ++ cfg.availableKernelModules ++ [ "ext4" ] ++ dependencies)}; do
        for name in "$name" "$(echo "$name" | tr _ -)"; do
          module=${kernel}/lib/modules/*/$name.ko
          [ ! -e $module ] || cp -f $module root/modules/
        done
      done
      cp $stage1 root/init
      (cd root; find . | cpio -o -H newc | gzip -1) > $out/initrd
    '';
  # The miniature has no depmod.
  dependencies = [ "9pnet" "crc16" "crc32c_generic" "failover" "fscache" "net_failover" "netfs" "rng-core" "scsi_common" "scsi_mod" "virtio" "virtio_ring" "virtio_pci_legacy_dev" "virtio_pci_modern_dev" ];
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
