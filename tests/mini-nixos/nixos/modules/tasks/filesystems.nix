{ config, lib, utils, ... }:
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
  # systemd's generator makes these units of fstab; where /sys is read-only, as on the machines of tests, it leaves out
  # devices.
  unitName = utils.escapeSystemdPath;
  isVolume = fs: fs.mountPoint != "/" && lib.hasPrefix "/dev/" (toString fs.device);
  plainOptions = fs: lib.filter (option: !(lib.hasPrefix "x-" option) && option != "nofail") fs.options;
  makefs = fs: "systemd-makefs-${unitName fs.mountPoint}";
  growfs = fs: "systemd-growfs-${unitName fs.mountPoint}";
  mountUnit = fs: lib.nameValuePair "${unitName fs.mountPoint}.mount" {
    wantedBy = [ "local-fs.target" ];
    text = ''
      [Unit]
      Before=local-fs.target
      ${lib.optionalString fs.autoFormat "Requires=${makefs fs}.service\nAfter=${makefs fs}.service"}
      ${lib.optionalString fs.autoResize "Wants=${growfs fs}.service"}
      ${lib.optionalString (lib.elem "nofail" fs.options) "ConditionPathExists=${fs.device}"}

      [Mount]
      What=${fs.device}
      Where=${fs.mountPoint}
      Type=${fs.fsType}
      Options=${lib.concatStringsSep "," (plainOptions fs)}
    '';
  };
  once = command: { serviceConfig = { Type = "oneshot"; RemainAfterExit = true; ExecStart = command; }; };
  helpers = fs: lib.optional fs.autoFormat
    (lib.nameValuePair (makefs fs) (once "${config.systemd.package}/lib/systemd/systemd-makefs ${fs.fsType} ${fs.device}" // {
      description = "Make File System on ${fs.device}";
      unitConfig.DefaultDependencies = false;
    }))
  ++ lib.optional fs.autoResize
    (lib.nameValuePair (growfs fs) (once "${config.systemd.package}/lib/systemd/systemd-growfs ${fs.mountPoint}" // {
      description = "Grow File System on ${fs.mountPoint}";
      after = [ "${unitName fs.mountPoint}.mount" ];
      unitConfig.DefaultDependencies = false;
    }));
  volumes = lib.filter isVolume mounts;
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
    systemd.units = lib.listToAttrs (map mountUnit volumes);
    systemd.services = lib.listToAttrs (lib.concatMap helpers volumes);
    environment.etc.fstab = lib.mkIf (mounts != [ ] || config.swapDevices != [ ]) {
      text = lib.concatMapStrings (fs: "${toString fs.device} ${fs.mountPoint} ${fs.fsType} ${lib.concatStringsSep "," fs.options} 0 ${if fs.noCheck then "0" else if fs.mountPoint == "/" then "1" else "2"}\n") mounts
        + lib.concatMapStrings (swap: "${swap.device} none swap ${lib.concatStringsSep "," swap.options}\n") config.swapDevices;
    };
  };
}
