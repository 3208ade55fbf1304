# What every system of the fault matrix has: a version that shows in a file and in a running process, and a gate.
{ config, lib, ... }: {
  options.version = lib.mkOption { type = lib.types.str; };
  config = {
    environment.etc.version.text = config.version;
    systemd.services.version = {
      wantedBy = [ "multi-user.target" ];
      environment.VERSION = config.version;
      script = "exec sleep infinity";
    };
    system.activationScripts.gate = lib.stringAfter [ "etc" ] "[ ! -x /usr/local/bin/gate ] || /usr/local/bin/gate testing";
    boot = { isContainer = true; loader.initScript.enable = true; };
    networking.useDHCP = false;
    services.openssh.enable = lib.mkDefault true;
    services.openssh.startWhenNeeded = false;
  };
}
