# Options of systemd units, with nixpkgs' names and types.
{ lib }:
let
  inherit (lib) mkOption types;
  # Lists add up, everything else has one value.
  unitOption = lib.mkOptionType {
    name = "systemd option";
    merge = loc: defs:
      if builtins.any (def: builtins.isList def.value) defs
      then lib.concatMap (def: lib.toList def.value) defs
      else lib.mergeEqualOption loc defs;
  };
  section = description: mkOption { default = { }; type = types.attrsOf unitOption; inherit description; };
  unitList = description: mkOption { default = [ ]; type = types.listOf types.str; inherit description; };
  text = description: mkOption { default = ""; type = types.lines; inherit description; };
  flag = default: description: mkOption { inherit default description; type = types.bool; };

  shared = {
    enable = flag true "If set to false, this unit will be a symlink to /dev/null.";
    overrideStrategy = mkOption {
      default = "asDropinIfExists";
      type = types.enum [ "asDropinIfExists" "asDropin" ];
      description = "Whether the unit replaces or extends one of the same name that comes with systemd.";
    };
    requiredBy = unitList "Units that require this unit.";
    upheldBy = unitList "Units that keep this unit running.";
    wantedBy = unitList "Units that want this unit.";
    aliases = unitList "Aliases of that unit.";
  };
in
rec {
  inherit unitOption;
  concreteUnit = shared // {
    text = mkOption { type = types.nullOr types.str; default = null; description = "Text of this systemd unit."; };
    unit = mkOption { internal = true; type = types.package; description = "The generated unit."; };
    name = mkOption { type = types.str; description = "The name of this systemd unit, including its extension."; };
  };
  unit = shared // {
    description = mkOption { default = ""; type = types.singleLineStr; description = "Description of this unit used in systemd messages and progress indicators."; };
    documentation = unitList "A list of URIs referencing documentation for this unit or its configuration.";
    requires = unitList "Start the specified units when this unit is started, and stop this unit when they are stopped.";
    wants = unitList "Start the specified units when this unit is started.";
    upholds = unitList "Keeps the specified running while this unit is running.";
    after = unitList "If the specified units are started at the same time as this unit, delay this unit until they have started.";
    before = unitList "If the specified units are started at the same time as this unit, delay them until this unit has started.";
    bindsTo = unitList "Like requires, but in addition stop this unit if the specified units disappear.";
    partOf = unitList "If the specified units are stopped or restarted, then this unit is stopped or restarted as well.";
    conflicts = unitList "If the specified units are started, then this unit is stopped and vice versa.";
    requisite = unitList "Similar to requires; but the units must be running.";
    onFailure = unitList "Units that are activated when this unit enters the failed state.";
    onSuccess = unitList "Units that are activated when this unit enters the inactive state.";
    unitConfig = section "Each attribute in this set specifies an option in the [Unit] section of the unit.";
    startLimitBurst = mkOption { type = types.nullOr types.int; default = null; description = "Limit of starts."; };
    startLimitIntervalSec = mkOption { type = types.nullOr types.int; default = null; description = "Interval of the limit of starts, in seconds."; };
    restartTriggers = mkOption { default = [ ]; type = types.listOf types.unspecified; description = "An arbitrary list of items such as derivations. If any item in the list changes between reconfigurations, the service will be restarted."; };
    reloadTriggers = mkOption { default = [ ]; type = types.listOf unitOption; description = "An arbitrary list of items such as derivations. If any item in the list changes between reconfigurations, the service will be reloaded."; };
  };
  service = unit // {
    environment = mkOption { default = { }; type = types.attrsOf (types.nullOr (types.oneOf [ types.str types.path types.package ])); description = "Environment variables passed to the service's processes."; };
    path = mkOption { default = [ ]; type = types.listOf (types.oneOf [ types.package types.str ]); description = "Packages added to the service's PATH environment variable."; };
    serviceConfig = section "Each attribute in this set specifies an option in the [Service] section of the unit.";
    script = text "Shell commands executed as the service's main process.";
    scriptArgs = mkOption { type = types.str; default = ""; description = "Arguments passed to the main process script."; };
    preStart = text "Shell commands executed before the service's main process is started.";
    postStart = text "Shell commands executed after the service's main process is started.";
    reload = text "Shell commands executed when the service's main process is reloaded.";
    preStop = text "Shell commands executed to stop the service.";
    postStop = text "Shell commands executed after the service's main process has exited.";
    restartIfChanged = flag true "Whether the service should be restarted during a NixOS configuration switch if its definition has changed.";
    reloadIfChanged = flag false "Whether the service should be reloaded during a NixOS configuration switch if its definition has changed.";
    stopIfChanged = flag true "If set, a changed unit is restarted by calling systemctl stop in the old configuration, then systemctl start in the new one.";
    notSocketActivated = flag false "If set, a changed unit is never assumed to be socket-activated on configuration switch.";
    startAt = mkOption { type = types.coercedTo types.str lib.singleton (types.listOf types.str); default = [ ]; description = "Automatically start this unit at the given date/time."; };
  };
  timer = unit // { timerConfig = section "Each attribute in this set specifies an option in the [Timer] section of the unit."; };
  path = unit // { pathConfig = section "Each attribute in this set specifies an option in the [Path] section of the unit."; };
  socket = unit // {
    listenStreams = unitList "For each item in this list, a ListenStream option in the [Socket] section will be created.";
    listenDatagrams = unitList "For each item in this list, a ListenDatagram option in the [Socket] section will be created.";
    socketConfig = section "Each attribute in this set specifies an option in the [Socket] section of the unit.";
  };
  target = unit;
}
