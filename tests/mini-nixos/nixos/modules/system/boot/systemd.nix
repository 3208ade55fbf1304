{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types mapAttrs' nameValuePair;
  options = import ../../../lib/systemd-unit-options.nix { inherit lib; };
  units = import ../../../lib/systemd-units.nix { inherit lib pkgs; };
  cfg = config.systemd;
  kind = what: unit: mkOption { default = { }; type = types.attrsOf (types.submodule { options = unit; }); description = "Definition of systemd ${what} units."; };
  named = extension: toUnit: mapAttrs' (name: unit: nameValuePair "${name}.${extension}" (toUnit name unit));
in
{
  options.systemd = {
    package = lib.mkPackageOption pkgs "systemd" { };
    units = mkOption {
      description = "Definition of systemd units; options such as {option}`systemd.services` set it.";
      default = { };
      type = types.attrsOf (types.submodule ({ name, config, ... }: {
        options = options.concreteUnit;
        config = {
          name = lib.mkDefault name;
          unit = lib.mkDefault (units.makeUnit name config);
        };
      }));
    };
    services = kind "service" options.service;
    targets = kind "target" options.target;
    sockets = kind "socket" options.socket;
    timers = kind "timer" options.timer;
    paths = kind "path" options.path;
    packages = mkOption { default = [ ]; type = types.listOf types.package; description = "Packages providing systemd units and hooks."; };
    globalEnvironment = mkOption { type = types.attrsOf (types.nullOr (types.oneOf [ types.str types.path types.package ])); default = { }; description = "Environment variables passed to *all* systemd units."; };
    defaultUnit = mkOption { default = "multi-user.target"; type = types.str; description = "Default unit started when the system boots."; };
    enableEmergencyMode = mkOption { default = true; type = types.bool; description = "Whether to enable emergency mode."; };
  };
  config = {
    users.users.systemd-network = { isSystemUser = true; group = "systemd-network"; };
    users.groups = { systemd-journal = { }; systemd-network = { }; };
    systemd.units =
      named "service" (name: unit: units.serviceToUnit name (unit // { environment = cfg.globalEnvironment // unit.environment; })) cfg.services
      // named "target" (_: units.targetToUnit) cfg.targets
      // named "socket" (_: units.socketToUnit) cfg.sockets
      // named "timer" (_: units.timerToUnit) cfg.timers
      // named "path" (_: units.pathToUnit) cfg.paths;
    systemd.targets.keys = { description = "Security Keys"; unitConfig.X-StopOnReconfiguration = true; };
    systemd.timers = lib.mapAttrs
      (_: service: { wantedBy = [ "timers.target" ]; timerConfig.OnCalendar = service.startAt; })
      (lib.filterAttrs (_: service: service.enable && service.startAt != [ ]) cfg.services);
    warnings = lib.concatLists (lib.mapAttrsToList
      (name: service: lib.optional
        (service.serviceConfig.Type or "" == "oneshot" && builtins.elem (service.serviceConfig.Restart or "no") [ "always" "on-success" ])
        "Service '${name}.service' with 'Type=oneshot' cannot have 'Restart=always' or 'Restart=on-success'")
      cfg.services);
    environment.etc."systemd/system".source = units.generateUnits { inherit (cfg) units packages; };
  };
}
