# Datadog's agent by nixpkgs' options: what it would send stays in a file.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.services.datadog-agent;
  settings = pkgs.writeText "datadog.yaml" (builtins.toJSON (
    lib.optionalAttrs (cfg.hostname != null) { inherit (cfg) hostname; }
    // lib.optionalAttrs (cfg.tags != null) { inherit (cfg) tags; }
    // lib.optionalAttrs (cfg.site != null) { inherit (cfg) site; }
  ));
in
{
  options.services.datadog-agent = {
    enable = lib.mkEnableOption "Datadog-agent v7 monitoring service";
    apiKeyFile = mkOption { type = types.path; description = "Path to a file containing the Datadog API key to associate the agent with your account."; };
    checks = mkOption { type = types.attrsOf types.attrs; default = { }; description = "Configuration for all Datadog checks."; };
    hostname = mkOption { type = types.nullOr types.str; default = null; description = "The hostname to show in the Datadog dashboard (optional)"; };
    site = mkOption { type = types.nullOr types.str; default = null; description = "The datadog site to point the agent towards."; };
    tags = mkOption { type = types.nullOr (types.listOf types.str); default = null; description = "The tags to mark this Datadog agent"; };
  };
  config = lib.mkIf cfg.enable {
    environment.etc = {
      "datadog-agent/datadog.yaml".source = settings;
    } // lib.mapAttrs'
      (name: check: lib.nameValuePair "datadog-agent/conf.d/${name}.d/conf.yaml" { source = pkgs.writeText "${name}-check-conf.yaml" (builtins.toJSON check); })
      cfg.checks;
    systemd.services.datadog-agent = {
      description = "Datadog agent monitor";
      wantedBy = [ "multi-user.target" ];
      script = ''
        export DD_API_KEY=$(${pkgs.busybox}/bin/busybox head -n 1 ${cfg.apiKeyFile})
        echo "$DD_API_KEY" | ${pkgs.busybox}/bin/busybox sha256sum >/var/log/datadog/key
        exec ${pkgs.busybox}/bin/busybox sleep infinity
      '';
      serviceConfig = { User = "datadog"; Group = "datadog"; LogsDirectory = "datadog"; };
    };
    users.groups.datadog = { };
    users.users.datadog = { isSystemUser = true; group = "datadog"; };
  };
}
