# PostgreSQL by NixOS' options; what answers is busybox.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.services.postgresql;
in
{
  options.services.postgresql = {
    enable = lib.mkEnableOption "PostgreSQL Server";
    enableTCPIP = mkOption {
      type = types.bool;
      default = false;
      description = "Whether PostgreSQL should listen on all network interfaces. If disabled, the database can only be accessed via its Unix domain socket or via TCP connections to localhost.";
    };
  };
  config.systemd.services.postgresql = lib.mkIf cfg.enable {
    description = "PostgreSQL Server";
    wantedBy = [ "multi-user.target" ];
    after = [ "network.target" ];
    serviceConfig.ExecStart = "${pkgs.busybox}/bin/busybox httpd -f -p ${lib.optionalString (!cfg.enableTCPIP) "127.0.0.1:"}5432 -h /var/empty";
  };
}
