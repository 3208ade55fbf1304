{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.programs.ssh;
  knownHosts = lib.attrValues cfg.knownHosts;
  line = host: "${lib.optionalString host.certAuthority "@cert-authority "}${lib.concatStringsSep "," host.hostNames} ${if host.publicKey != null then host.publicKey else builtins.readFile host.publicKeyFile}";
in
{
  options.programs.ssh = {
    extraConfig = mkOption { type = types.lines; default = ""; description = "Extra configuration text prepended to {file}`ssh_config`."; };
    startAgent = mkOption { type = types.bool; default = false; description = "Whether to start the OpenSSH agent when you log in."; };
    knownHostsFiles = mkOption { type = types.listOf types.path; default = [ ]; description = "Files containing SSH host keys to set as global known hosts."; };
    knownHosts = mkOption {
      default = { };
      description = "The set of system-wide known SSH hosts.";
      type = types.attrsOf (types.submodule ({ name, config, options, ... }: {
        options = {
          certAuthority = mkOption { type = types.bool; default = false; description = "This public key is an SSH certificate authority."; };
          hostNames = mkOption { type = types.listOf types.str; default = [ name ] ++ config.extraHostNames; description = "The set of host names and/or IP numbers used for accessing the host's ssh service."; };
          extraHostNames = mkOption { type = types.listOf types.str; default = [ ]; description = "A list of additional host names and/or IP numbers used for accessing the host's ssh service."; };
          publicKey = mkOption { type = types.nullOr types.str; default = null; example = "ecdsa-sha2-nistp521 AAAAE2VjZHN…UEPg=="; description = "The public key data for the host."; };
          publicKeyFile = mkOption { type = types.nullOr types.path; default = null; description = "The path to the public key file for the host."; };
        };
      }));
    };
  };
  config = {
    assertions = lib.mapAttrsToList
      (name: host: {
        assertion = (host.publicKey == null) != (host.publicKeyFile == null);
        message = "knownHost ${name} must contain either a publicKey or publicKeyFile";
      })
      cfg.knownHosts;
    environment.etc = lib.mkMerge [
      (lib.mkIf (knownHosts != [ ]) { "ssh/ssh_known_hosts".text = lib.concatMapStrings (host: line host + "\n") knownHosts; })
      (lib.mkIf (cfg.extraConfig != "") { "ssh/ssh_config.d/00-nixos.conf".text = cfg.extraConfig; })
    ];
  };
}
