# sshd: the program is that of the machine's image, its unit and configuration are NixOS'.
{ config, options, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.services.openssh;
  # The image's sshd goes on where nothing is said of it, and stops where it is switched off in so many words.
  switchedOff = !cfg.enable && options.services.openssh.enable.highestPrio < 1500;

  show = value:
    if value == true then "yes" else if value == false then "no"
    else if builtins.isList value then lib.concatStringsSep " " (map toString value) else toString value;
  settings = lib.filterAttrs (_: value: value != null) cfg.settings;
  configuration = lib.concatStrings (
    map (port: "Port ${toString port}\n") cfg.ports
    ++ map (listen: "ListenAddress ${listen.addr}${lib.optionalString (listen.port != null) ":${toString listen.port}"}\n") cfg.listenAddresses
    ++ lib.mapAttrsToList (name: value: "${name} ${show (if builtins.elem name [ "Ciphers" "KexAlgorithms" "Macs" ] then lib.concatStringsSep "," value else value)}\n") settings
    ++ [ "AuthorizedKeysFile ${toString cfg.authorizedKeysFiles}\n" ]
    ++ map (key: "HostKey ${key.path}\n") cfg.hostKeys
  ) + "Subsystem sftp internal-sftp\n" + cfg.extraConfig;

  keysOf = user: user.openssh.authorizedKeys.keys ++ map (file: lib.removeSuffix "\n" (builtins.readFile file)) user.openssh.authorizedKeys.keyFiles;
  withKeys = lib.filter (user: user.enable && keysOf user != [ ]) (lib.attrValues config.users.users);
  nullOrBool = default: mkOption { type = types.nullOr types.bool; inherit default; description = "See {manpage}`sshd_config(5)`."; };
  nullOrList = mkOption { type = types.nullOr (types.listOf types.str); default = null; description = "See {manpage}`sshd_config(5)`."; };
in
{
  imports = [
    (lib.mkAliasOptionModule [ "services" "sshd" "enable" ] [ "services" "openssh" "enable" ])
    (lib.mkRenamedOptionModule [ "services" "openssh" "permitRootLogin" ] [ "services" "openssh" "settings" "PermitRootLogin" ])
    (lib.mkRenamedOptionModule [ "services" "openssh" "passwordAuthentication" ] [ "services" "openssh" "settings" "PasswordAuthentication" ])
  ];
  options.services.openssh = {
    enable = mkOption { type = types.bool; default = false; description = "Whether to enable the OpenSSH secure shell daemon, which allows secure remote logins."; };
    package = lib.mkPackageOption pkgs "openssh" { };
    startWhenNeeded = mkOption { type = types.bool; default = false; description = "If set, {command}`sshd` is socket-activated."; };
    ports = mkOption { type = types.listOf types.port; default = [ 22 ]; description = "Specifies on which ports the SSH daemon listens."; };
    openFirewall = mkOption { type = types.bool; default = true; description = "Whether to automatically open the specified ports in the firewall."; };
    listenAddresses = mkOption {
      default = [ ];
      description = "List of addresses and ports to listen on.";
      type = types.listOf (types.submodule {
        options = {
          addr = mkOption { type = types.str; description = "Host, IPv4 or IPv6 address to listen to."; };
          port = mkOption { type = types.nullOr types.port; default = null; description = "Port to listen to."; };
        };
      });
    };
    hostKeys = mkOption {
      type = types.listOf types.attrs;
      default = [ { type = "ed25519"; path = "/etc/ssh/ssh_host_ed25519_key"; } ];
      description = "NixOS can automatically generate SSH host keys. This option specifies the path, type and size of each key.";
    };
    authorizedKeysFiles = mkOption { type = types.listOf types.str; default = [ ]; description = "Specify the rules for which files to read on the host."; };
    authorizedKeysInHomedir = mkOption { type = types.bool; default = true; description = "Enables the use of the `~/.ssh/authorized_keys` file."; };
    extraConfig = mkOption { type = types.lines; default = ""; description = "Verbatim contents of {file}`sshd_config`."; };
    settings = mkOption {
      default = { };
      description = "Configuration for {manpage}`sshd_config(5)`.";
      type = types.submodule {
        freeformType = types.attrsOf (types.nullOr (types.oneOf [ types.str types.int types.bool (types.listOf types.str) ]));
        options = {
          PermitRootLogin = mkOption { default = "prohibit-password"; type = types.nullOr (types.enum [ "yes" "without-password" "prohibit-password" "forced-commands-only" "no" ]); description = "Whether the root user can login using ssh."; };
          PasswordAuthentication = nullOrBool true;
          KbdInteractiveAuthentication = nullOrBool true;
          X11Forwarding = nullOrBool false;
          UseDns = nullOrBool false;
          StrictModes = nullOrBool true;
          UsePAM = nullOrBool false;
          GatewayPorts = mkOption { type = types.nullOr types.str; default = "no"; description = "See {manpage}`sshd_config(5)`."; };
          LogLevel = mkOption { type = types.nullOr (types.enum [ "QUIET" "FATAL" "ERROR" "INFO" "VERBOSE" "DEBUG" "DEBUG1" "DEBUG2" "DEBUG3" ]); default = "INFO"; description = "Gives the verbosity level that is used when logging messages from {manpage}`sshd(8)`."; };
          Ciphers = nullOrList;
          KexAlgorithms = nullOrList;
          Macs = nullOrList;
          AllowUsers = nullOrList;
          DenyUsers = nullOrList;
          AllowGroups = nullOrList;
          DenyGroups = nullOrList;
        };
      };
    };
  };
  config = lib.mkMerge [
    (lib.mkIf cfg.enable {
      services.openssh.authorizedKeysFiles = lib.optional cfg.authorizedKeysInHomedir "%h/.ssh/authorized_keys" ++ [ "/etc/ssh/authorized_keys.d/%u" ];
      networking.firewall.allowedTCPPorts = lib.optionals cfg.openFirewall cfg.ports;
      environment.etc = { "ssh/sshd_config".text = configuration; } // lib.listToAttrs (map
        (user: lib.nameValuePair "ssh/authorized_keys.d/${user.name}" { mode = "0444"; text = lib.concatLines (keysOf user); })
        withKeys);
      systemd.services.sshd = {
        description = "SSH Daemon";
        wantedBy = [ "multi-user.target" ];
        after = [ "network.target" ];
        stopIfChanged = false;
        restartTriggers = [ config.environment.etc."ssh/sshd_config".source ];
        serviceConfig = {
          Type = "notify";
          RuntimeDirectory = "sshd";
          ExecStart = "/usr/sbin/sshd -D -f /etc/ssh/sshd_config";
          KillMode = "process";
          Restart = "always";
        };
      };
      users.users.sshd = { isSystemUser = true; group = "sshd"; description = "SSH privilege separation user"; };
      users.groups.sshd = { };
      # Debian's name for the same; both would ask for the port.
      systemd.services.ssh.enable = false;
      assertions = map
        (listen: { assertion = listen.addr != null; message = "addr must be specified in each listenAddresses entry"; })
        cfg.listenAddresses;
      system.activationScripts.sshHostKeys = lib.stringAfter [ "etc" ] (lib.concatMapStrings
        (key: ''
          [ -s ${lib.escapeShellArg key.path} ] || ! command -v ssh-keygen > /dev/null || ssh-keygen -q -t ${key.type} ${lib.optionalString (key ? bits) "-b ${toString key.bits}"} -f ${lib.escapeShellArg key.path} -N ""
        '')
        cfg.hostKeys);
    })
    (lib.mkIf switchedOff {
      systemd.services = { ssh.enable = false; sshd.enable = false; };
    })
  ];
}
