# From the options of a unit to its text, and from units to the directory that systemd reads.
{ lib, pkgs }:
let
  inherit (builtins) attrNames isList isBool concatMap toJSON;
  inherit (lib) concatMapStrings concatStringsSep optionalAttrs optionalString escapeShellArg;

  # Units that come with systemd itself: what is declared for them extends them.
  upstream = map (name: "${name}.target") [
    "basic" "default" "graphical" "local-fs" "local-fs-pre" "multi-user" "network" "network-online" "network-pre"
    "nss-lookup" "paths" "remote-fs" "rescue" "shutdown" "slices" "sockets" "swap" "sysinit" "time-sync" "timers"
  ];
  isDropin = name: unit: unit.overrideStrategy == "asDropin" || builtins.elem name upstream;

  showValue = value: if isBool value then (if value then "true" else "false") else toString value;
  section = attrs: concatMapStrings
    (name: concatMapStrings (value: "${name}=${showValue value}\n") (let value = attrs.${name}; in if isList value then value else [ value ]))
    (attrNames attrs);

  names = {
    requires = "Requires"; wants = "Wants"; upholds = "Upholds"; after = "After"; before = "Before"; bindsTo = "BindsTo";
    partOf = "PartOf"; conflicts = "Conflicts"; requisite = "Requisite"; onFailure = "OnFailure"; onSuccess = "OnSuccess";
    documentation = "Documentation";
  };
  triggers = list: toString (map (x: if builtins.isPath x then "${x}" else x) (lib.flatten list));
  unitSection = unit:
    builtins.listToAttrs (concatMap
      (option: if unit.${option} == [ ] then [ ] else [ { name = names.${option}; value = toString unit.${option}; } ])
      (attrNames names))
    // optionalAttrs (unit.description != "") { Description = unit.description; }
    // optionalAttrs (unit.restartTriggers != [ ]) { X-Restart-Triggers = triggers unit.restartTriggers; }
    // optionalAttrs (unit.reloadTriggers != [ ]) { X-Reload-Triggers = triggers unit.reloadTriggers; }
    // optionalAttrs (unit.startLimitBurst != null) { StartLimitBurst = unit.startLimitBurst; }
    // optionalAttrs (unit.startLimitIntervalSec != null) { StartLimitIntervalSec = unit.startLimitIntervalSec; }
    // unit.unitConfig;
  unitText = unit: rest: "[Unit]\n${section (unitSection unit)}\n${rest}";
  toUnit = unit: text: { inherit (unit) aliases wantedBy requiredBy upheldBy enable overrideStrategy; inherit text; };

  script = name: text: let package = pkgs.writeTextFile {
    name = "unit-script-${lib.replaceStrings [ "@" "\\" ] [ "-" "-" ] name}";
    executable = true;
    destination = "/bin/${name}";
    text = "#!${pkgs.runtimeShell} -e\n${text}\n";
  }; in "${package}/bin/${name}";
  scripts = name: unit:
    let given = key: option: suffix: optionalAttrs (unit.${option} != "") { ${key} = script "${name}-${suffix}" unit.${option}; };
    in optionalAttrs (unit.script != "") { ExecStart = "${script "${name}-start" unit.script}${optionalString (unit.scriptArgs != "") " ${unit.scriptArgs}"}"; }
    // lib.mapAttrs (_: lib.singleton) (given "ExecStartPre" "preStart" "pre-start"
      // given "ExecStartPost" "postStart" "post-start"
      // given "ExecStop" "preStop" "pre-stop"
      // given "ExecStopPost" "postStop" "post-stop")
    // given "ExecReload" "reload" "reload";
in
rec {
  serviceToUnit = name: unit:
    let
      # What is not in the miniature's store comes from the machine's image.
      search = "${lib.makeBinPath (unit.path ++ [ pkgs.busybox ])}:/run/current-system/sw/bin:/usr/sbin:/usr/bin:/sbin:/bin";
      environment = lib.filterAttrs (_: value: value != null) ((optionalAttrs (!(isDropin "${name}.service" unit)) { PATH = search; }) // unit.environment);
      config = lib.foldl' (all: key: all // { ${key} = if all ? ${key} && isList own.${key} then own.${key} ++ lib.toList all.${key} else own.${key}; })
        unit.serviceConfig (attrNames own);
      own = scripts name unit;
    in
    toUnit unit (unitText unit (
      "[Service]\n"
      + concatMapStrings (variable: "Environment=${toJSON "${variable}=${toString environment.${variable}}"}\n") (attrNames environment)
      + (if unit.reloadIfChanged then "X-ReloadIfChanged=true\n" else optionalString (!unit.restartIfChanged) "X-RestartIfChanged=false\n")
      + optionalString (!unit.stopIfChanged) "X-StopIfChanged=false\n"
      + optionalString unit.notSocketActivated "X-NotSocketActivated=true\n"
      + section config
    ));
  timerToUnit = unit: toUnit unit (unitText unit "[Timer]\n${section unit.timerConfig}");
  pathToUnit = unit: toUnit unit (unitText unit "[Path]\n${section unit.pathConfig}");
  targetToUnit = unit: toUnit unit (unitText unit "");
  socketToUnit = unit: toUnit unit (unitText unit ("[Socket]\n" + section unit.socketConfig
    + concatMapStrings (stream: "ListenStream=${stream}\n") unit.listenStreams
    + concatMapStrings (datagram: "ListenDatagram=${datagram}\n") unit.listenDatagrams));

  makeUnit = name: unit: pkgs.runCommand "unit-${lib.replaceStrings [ "@" "\\" ":" ] [ "-" "-" "-" ] name}"
    ({ preferLocalBuild = true; allowSubstitutes = false; } // optionalAttrs unit.enable { inherit (unit) text; passAsFile = [ "text" ]; })
    (let file = escapeShellArg name; in
    if unit.enable then "mkdir -p $out; mv $textPath $out/${file}" else "mkdir -p $out; ln -s /dev/null $out/${file}");

  # The directory of all units, with the links that say who wants them. What is declared for a unit of a package extends it.
  generateUnits = { units, packages ? [ ] }: pkgs.runCommandLocal "system-units" { } (''
    mkdir $out; cd $out
    for package in ${toString packages}; do ln -s "$package"/lib/systemd/system/* .; done
    wanted() { mkdir -p "$1.$2"; ln -sfn "../$3" "$1.$2/$3"; }
  '' + concatMapStrings
    (name:
      let
        unit = units.${name};
        file = escapeShellArg name;
        by = kind: concatMapStrings (other: "wanted ${escapeShellArg other} ${kind} ${file}\n");
      in
      "if ${if isDropin name unit then "true" else "[ -e ${file} ]"}; then mkdir -p ${file}.d; ln -s ${unit.unit}/${file} ${file}.d/overrides.conf; "
      + "else ln -s ${unit.unit}/${file} ${file}; fi\n"
      + concatMapStrings (alias: "ln -sfn ${file} ${escapeShellArg alias}\n") unit.aliases
      + optionalString unit.enable (by "wants" unit.wantedBy + by "requires" unit.requiredBy + by "upholds" unit.upheldBy))
    (attrNames units));
}
