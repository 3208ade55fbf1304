# The firewall's rules; they hold where the machine has nft.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types concatMapStringsSep optionalString;
  cfg = config.networking.firewall;
  range = types.submodule { options = { from = mkOption { type = types.port; description = "First port."; }; to = mkOption { type = types.port; description = "Last port."; }; }; };
  ports = {
    allowedTCPPorts = mkOption { type = types.listOf types.port; default = [ ]; apply = list: lib.sort builtins.lessThan (lib.unique list); example = [ 22 80 ]; description = "List of TCP ports on which incoming connections are accepted."; };
    allowedTCPPortRanges = mkOption { type = types.listOf range; default = [ ]; description = "A range of TCP ports on which incoming connections are accepted."; };
    allowedUDPPorts = mkOption { type = types.listOf types.port; default = [ ]; apply = list: lib.sort builtins.lessThan (lib.unique list); description = "List of open UDP ports."; };
    allowedUDPPortRanges = mkOption { type = types.listOf range; default = [ ]; description = "Range of open UDP ports."; };
  };
  accept = match: protocol: open: ranges:
    let all = map toString open ++ map (each: "${toString each.from}-${toString each.to}") ranges;
    in optionalString (all != [ ]) "    ${match}${protocol} dport { ${lib.concatStringsSep ", " all} } accept\n";
  rulesFor = match: set: accept match "tcp" set.allowedTCPPorts set.allowedTCPPortRanges + accept match "udp" set.allowedUDPPorts set.allowedUDPPortRanges;
  rules = ''
    table inet nixos-fw
    delete table inet nixos-fw
    table inet nixos-fw {
      chain input {
        type filter hook input priority filter; policy drop;
        iifname { ${concatMapStringsSep ", " (name: "\"${name}\"") cfg.trustedInterfaces} } accept
        ct state { established, related } accept
    ${optionalString cfg.allowPing "    icmp type echo-request accept\n    icmpv6 type echo-request accept\n"}${rulesFor "" cfg}${lib.concatStrings (lib.mapAttrsToList (name: rulesFor "iifname \"${name}\" ") cfg.interfaces)}  }
    }
  '';
  start = pkgs.writeShellScript "firewall-start" ''
    if command -v nft > /dev/null; then nft -f - <<'__rules__'
    ${rules}__rules__
    else echo "this machine has no nft: the rules are not enforced"; fi
    ${cfg.extraCommands}'';
in
{
  options.networking.firewall = ports // {
    enable = mkOption { type = types.bool; default = true; description = "Whether to enable the firewall."; };
    trustedInterfaces = mkOption { type = types.listOf types.str; default = [ ]; description = "Traffic coming in from these interfaces will be accepted unconditionally."; };
    allowPing = mkOption { type = types.bool; default = true; description = "Whether to respond to incoming ICMPv4 echo requests."; };
    checkReversePath = mkOption { type = types.either types.bool (types.enum [ "strict" "loose" ]); default = true; description = "Performs a reverse path filter test on a packet."; };
    extraCommands = mkOption { type = types.lines; default = ""; description = "Additional shell commands executed as part of the firewall initialisation script."; };
    extraStopCommands = mkOption { type = types.lines; default = ""; description = "Additional shell commands executed as part of the firewall shutdown script."; };
    interfaces = mkOption { type = types.attrsOf (types.submodule { options = ports; }); default = { }; description = "Interface-specific open ports."; };
  };
  config = lib.mkIf cfg.enable {
    networking.firewall.trustedInterfaces = [ "lo" ];
    systemd.services.firewall = {
      description = "Firewall";
      wantedBy = [ "sysinit.target" ];
      before = [ "network-pre.target" "shutdown.target" ];
      wants = [ "network-pre.target" ];
      conflicts = [ "shutdown.target" ];
      unitConfig.DefaultDependencies = false;
      reloadIfChanged = true;
      serviceConfig = { Type = "oneshot"; RemainAfterExit = true; ExecStart = "${start}"; ExecReload = "${start}"; };
    };
  };
}
