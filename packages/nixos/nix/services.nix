# What a host that stays another distribution's takes from its NixOS configuration: the units, the files in /etc and the
# packages that this configuration has and a bare one has not. `bin/switch-to-configuration` puts them in place.
{ config, lib, pkgs, modulesPath, script }:
let
  bare = (import "${modulesPath}/../lib/eval-config.nix" {
    inherit (pkgs.stdenv.hostPlatform) system;
    inherit pkgs;
    modules = [
      {
        boot.isContainer = true;
        networking.hostName = config.networking.hostName;
        system.stateVersion = config.system.stateVersion;
      }
    ];
  }).config;

  enabled = lib.filterAttrs (_: each: each.enable or true);
  units = removeAttrs (enabled config.systemd.units) (builtins.attrNames bare.systemd.units) // {
    ${atBoot} = config.systemd.units.${atBoot};
  };
  # Ways to log in are the distribution's own.
  isTheirs = target: builtins.match "(ssh|pam\\.d|systemd)(/.*)?" target != null;
  targets = map (entry: entry.target) (builtins.attrValues bare.environment.etc);
  etc = lib.filterAttrs
    (_: entry: !(isTheirs entry.target || builtins.elem entry.target targets))
    (enabled config.environment.etc);
  common = map toString bare.environment.systemPackages;
  added = lib.filter (each: !builtins.elem (toString each) common) config.environment.systemPackages;

  atBoot = "firn-services.service";
  quote = lib.escapeShellArg;
  switch = pkgs.writeText "switch-to-configuration" script;

  placeUnit = name: unit: ''
    ln -s ${unit.unit}/${quote name} $out/units/${quote name}
  '' + lib.concatMapStrings (wanted name "wants") unit.wantedBy
  + lib.concatMapStrings (wanted name "requires") unit.requiredBy
  + lib.concatMapStrings (alias: "ln -s ${quote name} $out/units/${quote alias}\n") unit.aliases;
  wanted = name: kind: target: ''
    mkdir -p $out/units/${quote "${target}.${kind}"}
    ln -s ../${quote name} $out/units/${quote "${target}.${kind}"}/${quote name}
  '';
  placeFile = _: entry: ''
    mkdir -p "$(dirname $out/etc/${quote entry.target})"
    ln -s ${entry.source} $out/etc/${quote entry.target}
  '' + lib.optionalString (entry.mode != "symlink")
    "echo ${quote "${entry.mode} ${toString entry.user}:${toString entry.group} ${entry.target}"} >> $out/copied\n";

  build = name: contents: pkgs.runCommand name { preferLocalBuild = true; allowSubstitutes = false; } ''
    mkdir -p $out/bin $out/etc $out/units
    : > $out/copied
    sed "s|@out@|$out|g" ${switch} > $out/bin/switch-to-configuration
    chmod +x $out/bin/switch-to-configuration
    echo -n ${pkgs.stdenv.hostPlatform.system} > $out/system
    ${contents}
  '';
  # What a host goes back to that had nothing of Firn's.
  nothing = build "firn-services-none" "";
  path = pkgs.buildEnv {
    name = "firn-services-path";
    paths = added;
    pathsToLink = [ "/bin" "/sbin" "/lib" "/share" ];
    ignoreCollisions = true;
  };
  profile = build "firn-services-${config.system.name}" ''
    ln -s ${nothing} $out/none
    ln -s ${path} $out/sw
    echo -n ${quote config.system.nixos.label} > $out/nixos-version
    ${lib.concatStrings (lib.mapAttrsToList placeUnit units)}
    ${lib.concatStrings (lib.mapAttrsToList placeFile etc)}
  '';
in
# Assertions and warnings are those of a whole system.
builtins.seq config.system.build.toplevel (profile // {
  firn = {
    inherit units etc;
    packages = added;
  };
})
