# The service takes a configuration from user data. Nothing is built on the machines of tests, so here it only says so.
{ config, lib, ... }:
let cfg = config.virtualisation.amazon-init; in
{
  options.virtualisation.amazon-init.enable = lib.mkOption { type = lib.types.bool; default = true; description = "Enable or disable the amazon-init service."; };
  config = lib.mkIf cfg.enable {
    systemd.services.amazon-init = {
      description = "Reconfigure the system from EC2 userdata on startup";
      wantedBy = [ "multi-user.target" ];
      after = [ "multi-user.target" ];
      restartIfChanged = false;
      serviceConfig = { Type = "oneshot"; RemainAfterExit = true; };
      script = "echo 'no configuration is taken from user data here'";
    };
  };
}
