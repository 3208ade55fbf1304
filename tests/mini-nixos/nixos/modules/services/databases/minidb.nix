# A database for tests: `GET /key` answers the value.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types escapeShellArg;
  cfg = config.services.minidb;
  data = pkgs.runCommand "minidb-data" { } ("mkdir $out\n" + lib.concatStrings (lib.mapAttrsToList
    (key: value: "printf %s ${escapeShellArg value} > $out/${escapeShellArg key}\n")
    cfg.data));
in
{
  options.services.minidb = {
    enable = lib.mkEnableOption "the miniature database";
    package = lib.mkPackageOption pkgs "busybox" { };
    port = mkOption { type = types.port; default = 5432; description = "Port on which the database answers HTTP."; };
    data = mkOption {
      type = types.attrsOf types.str;
      default = { };
      example = { greeting = "hello"; };
      description = "What the database holds.";
    };
    openFirewall = mkOption { type = types.bool; default = false; description = "Whether to open the port in the firewall."; };
  };
  config = lib.mkIf cfg.enable {
    assertions = map
      (key: { assertion = builtins.match "[A-Za-z0-9_.-]+" key != null; message = "services.minidb.data: “${key}” is no key; letters, digits and _ . - make one."; })
      (builtins.attrNames cfg.data);
    networking.firewall.allowedTCPPorts = lib.mkIf cfg.openFirewall [ cfg.port ];
    systemd.services.minidb = {
      description = "Miniature database";
      wantedBy = [ "multi-user.target" ];
      after = [ "network.target" ];
      serviceConfig = {
        ExecStart = "${lib.getExe cfg.package} httpd -f -p ${toString cfg.port} -h ${data}";
        Restart = "on-failure";
      };
    };
  };
}
