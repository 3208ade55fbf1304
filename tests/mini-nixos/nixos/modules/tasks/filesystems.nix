{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  fileSystem = { name, config, ... }: {
    options = {
      enable = mkOption { type = types.bool; default = true; description = "Whether this mount is in {file}`/etc/fstab`."; };
      mountPoint = mkOption { type = types.nonEmptyStr; default = name; description = "Location of the mounted file system."; };
      device = mkOption { type = types.nullOr types.nonEmptyStr; default = null; description = "Location of the device."; };
      fsType = mkOption { type = types.nonEmptyStr; default = "auto"; description = "Type of the file system."; };
      options = mkOption { type = types.listOf types.nonEmptyStr; default = [ "defaults" ]; description = "Options used to mount the file system."; };
      label = mkOption { type = types.nullOr types.nonEmptyStr; default = null; description = "Label of the device (if any)."; };
      neededForBoot = mkOption { type = types.bool; default = false; description = "If set, this file system will be mounted in the initial ramdisk."; };
      autoFormat = mkOption { type = types.bool; default = false; description = "If the device does not currently contain a filesystem, it is formatted."; };
      autoResize = mkOption { type = types.bool; default = false; description = "If set, the filesystem is grown to its maximum size before being mounted."; };
      noCheck = mkOption { type = types.bool; default = false; description = "Disable running fsck on this filesystem."; };
      depends = mkOption { type = types.listOf types.nonEmptyStr; default = [ ]; description = "List of paths that should be mounted before this one."; };
    };
    config.device = lib.mkIf (config.label != null) (lib.mkDefault "/dev/disk/by-label/${config.label}");
  };
  mounts = lib.filter (fs: fs.enable) (lib.attrValues config.fileSystems);
in
{
  options = {
    fileSystems = mkOption { default = { }; type = types.attrsOf (types.submodule fileSystem); description = "The file systems to be mounted."; };
    boot.supportedFilesystems = mkOption { default = { }; type = types.coercedTo (types.listOf types.str) (names: lib.genAttrs names (_: true)) (types.attrsOf types.bool); description = "Names of supported filesystem types."; };
  };
  config = {
    assertions = lib.mkIf (!config.boot.isContainer) [ {
      assertion = config.fileSystems ? "/";
      message = "The ‘fileSystems’ option does not specify your root file system.";
    } ];
    # To hold secrets that shouldn't be written to disk.
    system.activationScripts.specialfs = ''
      mkdir -p /run/nixos /var/empty /run/keys
      mountpoint -q /run/keys || mount -t ramfs -o nosuid,nodev,mode=750 ramfs /run/keys
    '';
    systemd.tmpfiles.rules = [ "d /run/keys 0750 root 96" "z /run/keys 0750 root 96" ];
    environment.etc.fstab = lib.mkIf (mounts != [ ] || config.swapDevices != [ ]) {
      text = lib.concatMapStrings (fs: "${toString fs.device} ${fs.mountPoint} ${fs.fsType} ${lib.concatStringsSep "," fs.options} 0 ${if fs.noCheck then "0" else if fs.mountPoint == "/" then "1" else "2"}\n") mounts
        + lib.concatMapStrings (swap: "${swap.device} none swap ${lib.concatStringsSep "," swap.options}\n") config.swapDevices;
    };
  };
}
