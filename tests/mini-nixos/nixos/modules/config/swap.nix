{ lib, ... }:
let
  inherit (lib) mkOption types;
in
{
  options.swapDevices = mkOption {
    default = [ ];
    example = [ { device = "/dev/hda7"; } ];
    description = "The swap devices and swap files.";
    type = types.listOf (types.submodule ({ config, ... }: {
      options = {
        device = mkOption { type = types.nonEmptyStr; description = "Path of the device or swap file."; };
        label = mkOption { type = types.nullOr types.str; default = null; description = "Label of the device."; };
        size = mkOption { type = types.nullOr types.int; default = null; description = "If this option is set, ‘device’ is interpreted as the path of a swapfile that will be created automatically with the indicated size in MiB (1024×1024 bytes)."; };
        priority = mkOption { type = types.nullOr types.int; default = null; description = "Specify the priority of the swap device."; };
        options = mkOption { type = types.listOf types.nonEmptyStr; default = [ "defaults" ]; description = "Options used to mount the swap."; };
        randomEncryption.enable = mkOption { type = types.bool; default = false; description = "Encrypt swap device with a random key."; };
      };
      config.device = lib.mkIf (config.label != null) "/dev/disk/by-label/${config.label}";
    }));
  };
}
