# Keys of a machine: secrets that are put on it beside its system. Their values are not here, and nothing here changes
# with them. As with NixOps, `<name>-key.service` is active while the key is there, and `keys.target` is reached when
# all of them are: a unit that comes after one of these waits for its keys, also after a reboot.
{ config, lib, pkgs, ... }:
let
  inherit (lib) concatMapStrings escapeShellArg escapeShellArgs mkOption types;
  inherit (config.firn) keys;
  all = lib.mapAttrsToList (name: key: key // { inherit name; }) keys;

  # Users may be made by these units instead of an activation script.
  afterUsers = [ "systemd-sysusers.service" "userborn.service" ];

  # One chown an owner, because there may be a thousand keys. Root keeps a key until its owner is made.
  ownerOf = key: "${key.user}:${key.group}";
  own = otherwise: concatMapStrings
    (owner: ''
      (
        set --
        for path in ${escapeShellArgs (map (key: key.path) (builtins.filter (key: ownerOf key == owner) all))}; do
          if [ -f "$path" ]; then set -- "$@" "$path"; fi
        done
        if [ $# -gt 0 ]; then chown -h ${escapeShellArg owner} -- "$@"${otherwise}; fi
      )
    '')
    (lib.unique (map ownerOf all));

  # One script for all of them: a thousand would be a thousand builds.
  waitForKey = pkgs.writeScript "wait-for-key" ''
    #!${pkgs.runtimeShell} -e
    while ! [ -e "$1" ]; do sleep 1; done
    if [ -f "$1" ]; then chown -h "$2" -- "$1"; fi
  '';
  # As systemd.service(5) reads it: quoted like JSON, without its own specifiers and variables.
  execArgument = text: builtins.replaceStrings [ "%" "$" ] [ "%%" "$$" ] (builtins.toJSON text);

  isNumber = text: builtins.match "[0-9]+" text != null;
  template = unit: let parts = builtins.match "([^@]+@).*([.][a-z]+)" unit; in if parts == null then unit else lib.concatStrings parts;
  has = unit: config.systemd.units ? ${unit} || config.systemd.units ? ${template unit};
  namesOf = set: map (each: each.name) (builtins.attrValues set);
  owners = lib.unique (map (key: key.user) (builtins.filter
    (key: key.user != "root" && !(isNumber key.user) && (lib.hasPrefix "/run/keys/" key.path || lib.hasPrefix "/var/lib/keys/" key.path))
    all));

  # Not ordered like ordinary services, so that what starts early may wait for a key too.
  early = {
    unitConfig.DefaultDependencies = false;
    conflicts = [ "shutdown.target" ];
    before = [ "shutdown.target" ];
    after = afterUsers;
  };
  waiting = {
    serviceConfig = { Type = "oneshot"; RemainAfterExit = true; TimeoutStartSec = "infinity"; };
    # A changed unit would be stopped and started, and with it whatever requires it; its key is as it was.
    restartIfChanged = false;
  };
in
{
  options.firn.keys = mkOption {
    default = { };
    description = "Keys of this machine, as its network's program declares them; `config.firn.keys.NAME.path` is where one lies.";
    type = types.attrsOf (types.submodule {
      options = {
        path = mkOption { type = types.path; description = "Where the key lies."; };
        user = mkOption { type = types.str; default = "root"; description = "Name or number of its owner."; };
        group = mkOption { type = types.str; default = "root"; description = "Name or number of its group."; };
        permissions = mkOption { type = types.str; default = "0400"; description = "Its mode, in octal digits."; };
        restart = mkOption { type = types.listOf types.str; default = [ ]; description = "Units that are restarted when the key has changed."; };
        reload = mkOption { type = types.listOf types.str; default = [ ]; description = "Units that are reloaded when the key has changed."; };
      };
    });
  };

  config = {
    # NixOS opens these directories to this group; who owns a key there has to reach it.
    users.groups.keys.members = owners;
    systemd.tmpfiles.rules = lib.optional (builtins.any (key: lib.hasPrefix "/var/lib/keys/" key.path) all)
      "d /var/lib/keys 0750 root keys -";
    system.activationScripts.firn-keys = { deps = [ "users" ]; text = own " 2>/dev/null || true"; };

    systemd.services = {
      firn-keys = lib.mkMerge [ early waiting {
        description = "Keys of this machine";
        wantedBy = [ "keys.target" ];
        before = [ "keys.target" ];
        script = concatMapStrings (key: "while ! [ -e ${escapeShellArg key.path} ]; do sleep 1; done\n") all + own "";
      } ];
      firn-keys-watch = lib.mkMerge [ early {
        description = "Watch for keys that vanish";
        serviceConfig.Restart = "on-failure";
        script = ''
          gone=" "
          while sleep 1; do
            while read -r name path; do
              if [ -e "$path" ]; then
                case $gone in *" $name "*) gone=''${gone%%" $name "*}" "''${gone#*" $name "}; systemctl --no-block start "$name-key.service" ;; esac
              else
                case $gone in *" $name "*) continue ;; esac
                gone="$gone$name "
                if systemctl --quiet is-active "$name-key.service"; then systemctl --no-block stop "$name-key.service"; fi
              fi
            done <${pkgs.writeText "firn-keys" (concatMapStrings (key: "${key.name} ${key.path}\n") all)}
          done
        '';
      } ];
    } // lib.mapAttrs'
      (name: key: lib.nameValuePair "${name}-key" (lib.mkMerge [ early waiting {
        description = "Key ${name}";
        wants = [ "firn-keys-watch.service" ];
        serviceConfig.ExecStart = "${waitForKey} ${execArgument key.path} ${execArgument (ownerOf key)}";
      } ]))
      keys;

    assertions = lib.concatMap
      (key: [
        {
          assertion = isNumber key.user || builtins.elem key.user (namesOf config.users.users);
          message = "The key \"${key.name}\" belongs to the user \"${key.user}\", which this configuration does not have. Declare it in users.users, or give its number.";
        }
        {
          assertion = isNumber key.group || builtins.elem key.group (namesOf config.users.groups);
          message = "The key \"${key.name}\" belongs to the group \"${key.group}\", which this configuration does not have. Declare it in users.groups, or give its number.";
        }
      ])
      all;
    warnings = lib.concatMap
      (key: map
        (unit: "The key \"${key.name}\" restarts or reloads ${unit}, which this configuration does not have.")
        (builtins.filter (unit: !(has unit)) (key.restart ++ key.reload)))
      all;
  };
}
