# Static sites by nginx' options; busybox' httpd serves the default one.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.services.nginx;
  host = types.submodule {
    options = {
      serverName = mkOption { type = types.nullOr types.str; default = null; description = "Name of this virtual host. Defaults to attribute name in virtualHosts."; };
      default = mkOption { type = types.bool; default = false; description = "Makes this vhost the default."; };
      root = mkOption { type = types.nullOr types.path; default = null; description = "The path of the web root directory."; };
    };
  };
  hosts = lib.attrValues cfg.virtualHosts;
  first = builtins.head (lib.filter (each: each.default) hosts ++ hosts);
in
{
  options.services.nginx = {
    enable = lib.mkEnableOption "Nginx Web Server";
    virtualHosts = mkOption { type = types.attrsOf host; default = { localhost = { }; }; description = "Declarative vhost config"; };
  };
  config.systemd.services.nginx = lib.mkIf cfg.enable {
    description = "Nginx Web Server";
    wantedBy = [ "multi-user.target" ];
    after = [ "network.target" ];
    serviceConfig.ExecStart = "${pkgs.busybox}/bin/busybox httpd -f -p 80 -h ${first.root}";
  };
}
