# `activate`: brings the machine's files to the system's state, piece by piece.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  piece = name: value: if builtins.isString value then { text = value; deps = [ ]; supportsDryActivation = false; } else value;
  pieces = lib.mapAttrs piece config.system.activationScripts;
  # A piece that fails is told, and the others go on.
  withReport = onlyDry: lib.mapAttrs
    (name: value: value // {
      text = if onlyDry && !value.supportsDryActivation then "" else ''
        #### Activation script snippet ${name}:
        (
        set -e
        ${value.text}
        )
        _localstatus=$?
        if [ $_localstatus -gt 0 ]; then
          _status=1
          printf "Activation script snippet '%s' failed (%s)\n" ${lib.escapeShellArg name} $_localstatus
        fi
      '';
    })
    pieces;
  script = onlyDry: ''
    #!${pkgs.runtimeShell}
    systemConfig='@out@'
    export PATH=${lib.makeBinPath [ pkgs.busybox ]}:/run/current-system/sw/bin:/usr/sbin:/usr/bin:/sbin:/bin
    export NIXOS_ACTION=''${NIXOS_ACTION:-${if onlyDry then "dry-activate" else "switch"}}
    _status=0
    umask 0022
    ${lib.textClosureMap lib.id (withReport onlyDry) (builtins.attrNames pieces)}
    ${lib.optionalString (!onlyDry) ''
      # What runs now, safe from the garbage collector.
      ln -sfn "$(readlink -f "$systemConfig")" /run/current-system
      mkdir -p /nix/var/nix/gcroots
      ln -sfn /run/current-system /nix/var/nix/gcroots/current-system
      ln -sfn /run/booted-system /nix/var/nix/gcroots/booted-system
    ''}
    exit $_status
  '';
in
{
  options.system = {
    activationScripts = mkOption {
      default = { };
      example = { stdio = { text = "ln -sfn /proc/self/fd /dev/fd"; deps = [ ]; }; };
      description = "A set of shell script fragments that are executed when a NixOS system configuration is activated.";
      type = types.attrsOf (types.either types.str (types.submodule {
        options = {
          deps = mkOption { type = types.listOf types.str; default = [ ]; description = "List of dependencies. The script will run after these."; };
          text = mkOption { type = types.lines; description = "The content of the script."; };
          supportsDryActivation = mkOption { type = types.bool; default = false; description = "Whether this activation script supports being dry-activated."; };
        };
      }));
    };
    build = {
      activationScript = mkOption { internal = true; type = types.str; description = "Text of `activate`."; };
      dryActivationScript = mkOption { internal = true; type = types.str; description = "Text of `dry-activate`."; };
    };
  };
  config.system = {
    activationScripts = {
      usrbinenv = "[ -e /usr/bin/env ] || { mkdir -p /usr/bin; ln -s ${pkgs.busybox}/bin/env /usr/bin/env; }";
      var = "mkdir -p /var/lib /var/log";
    };
    build = { activationScript = script false; dryActivationScript = script true; };
  };
}
