# The machine's name, and the names of others that it knows without asking.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.networking;
  ownNames = lib.optional (cfg.domain != null) "${cfg.hostName}.${cfg.domain}" ++ [ cfg.hostName ];
  hosts = lib.concatMapStrings (address: lib.optionalString (cfg.hosts.${address} != [ ]) "${address} ${toString cfg.hosts.${address}}\n")
    (builtins.attrNames cfg.hosts) + cfg.extraHosts;
in
{
  options.networking = {
    hostName = mkOption {
      default = config.system.nixos.distroId;
      type = types.strMatching "^$|^[[:alnum:]]([[:alnum:]_-]{0,61}[[:alnum:]])?$";
      description = "The name of the machine.";
    };
    domain = mkOption { default = null; example = "home.arpa"; type = types.nullOr types.str; description = "The system domain name."; };
    fqdn = mkOption {
      readOnly = true;
      type = types.str;
      default = if cfg.hostName != "" && cfg.domain != null then "${cfg.hostName}.${cfg.domain}"
      else throw "The FQDN is required but cannot be determined from `networking.hostName` and `networking.domain`. Please ensure these options are set properly or set `networking.fqdn` directly.";
      description = "The fully qualified domain name (FQDN) of this host.";
    };
    fqdnOrHostName = mkOption { readOnly = true; type = types.str; default = if cfg.domain == null then cfg.hostName else cfg.fqdn; description = "Either the FQDN of this host or its host name."; };
    hostId = mkOption { default = null; type = types.nullOr types.str; description = "The 32-bit host ID of the machine."; };
    hosts = mkOption {
      type = types.attrsOf (types.listOf types.str);
      example = { "127.0.0.1" = [ "foo.bar.baz" ]; };
      description = "Locally defined maps of hostnames to IP addresses.";
    };
    hostFiles = mkOption { type = types.listOf types.path; default = [ ]; description = "Files that should be concatenated together to form {file}`/etc/hosts`."; };
    extraHosts = mkOption { type = types.lines; default = ""; example = "192.168.0.1 lanlocalhost"; description = "Additional verbatim entries to be appended to {file}`/etc/hosts`."; };
    nameservers = mkOption { type = types.listOf types.str; default = [ ]; description = "The list of nameservers."; };
    search = mkOption { type = types.listOf types.str; default = [ ]; description = "The list of domain search paths."; };
    timeServers = mkOption { type = types.listOf types.str; default = [ ]; description = "The set of NTP servers from which to synchronise."; };
  };
  config = {
    networking.hosts = {
      "127.0.0.1" = [ "localhost" ];
      "::1" = [ "localhost" ];
    } // lib.optionalAttrs (cfg.hostName != "") { "127.0.0.2" = ownNames; };
    environment.etc = {
      hosts = if cfg.hostFiles == [ ] then { text = hosts; } else {
        source = pkgs.concatText "hosts" ([ (pkgs.writeText "string-hosts" hosts) ] ++ cfg.hostFiles);
      };
      "resolv.conf" = lib.mkIf (cfg.nameservers != [ ]) {
        text = lib.optionalString (cfg.search != [ ]) "search ${toString cfg.search}\n" + lib.concatMapStrings (server: "nameserver ${server}\n") cfg.nameservers;
      };
    } // lib.optionalAttrs (cfg.hostName != "") { hostname.text = cfg.hostName + "\n"; };
    system.activationScripts.hostname = lib.mkIf (cfg.hostName != "") ''
      hostname ${lib.escapeShellArg cfg.hostName}
    '';
  };
}
