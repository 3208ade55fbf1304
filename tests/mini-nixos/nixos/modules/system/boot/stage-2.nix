{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
in
{
  options.boot = {
    userland = mkOption { internal = true; default = ""; type = types.lines; description = "Shell commands that give the root file system what systems of the miniature take from the machine's image."; };
    postBootCommands = mkOption { default = ""; type = types.lines; description = "Shell commands to be executed just before systemd is started."; };
    systemdExecutable = mkOption { default = "/lib/systemd/systemd"; type = types.str; description = "The program to execute to start systemd."; };
  };
  config.system.build.bootStage2 = pkgs.writeScript "stage-2-init.sh" (lib.replaceStrings
    [ "@shell@" "@path@" "@userland@" "@postBootCommands@" "@systemdExecutable@" ]
    [ pkgs.runtimeShell "${pkgs.busybox}/bin" config.boot.userland config.boot.postBootCommands config.boot.systemdExecutable ]
    (builtins.readFile ./stage-2-init.sh));
}
