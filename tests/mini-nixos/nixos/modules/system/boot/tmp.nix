{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.boot.tmp;
  rules = config.systemd.tmpfiles.rules ++ lib.optional cfg.cleanOnBoot "D! /tmp 1777 root root";
in
{
  options = {
    boot.tmp = {
      cleanOnBoot = mkOption { type = types.bool; default = false; description = "Whether to delete all files in {file}`/tmp` during boot."; };
      useTmpfs = mkOption { type = types.bool; default = false; description = "Whether to mount a tmpfs on {file}`/tmp` during boot."; };
      tmpfsSize = mkOption { type = types.oneOf [ types.str types.ints.positive ]; default = "50%"; description = "Size of tmpfs in percentage."; };
    };
    systemd.tmpfiles.rules = mkOption { type = types.listOf types.str; default = [ ]; example = [ "d /tmp 1777 root root 10d" ]; description = "Rules for creation, deletion and cleaning of volatile and temporary files automatically."; };
  };
  config = {
    environment.etc."tmpfiles.d/00-nixos.conf" = lib.mkIf (rules != [ ]) { text = lib.concatLines rules; };
    systemd.units."tmp.mount" = lib.mkIf cfg.useTmpfs {
      wantedBy = [ "local-fs.target" ];
      text = ''
        [Unit]
        Conflicts=umount.target
        Before=local-fs.target umount.target

        [Mount]
        What=tmpfs
        Where=/tmp
        Type=tmpfs
        Options=mode=1777,strictatime,rw,nosuid,nodev,size=${toString cfg.tmpfsSize}
      '';
    };
  };
}
