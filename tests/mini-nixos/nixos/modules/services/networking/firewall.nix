# The firewall's rules, by iptables or nftables as in nixpkgs; they hold where the machine has that program.
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
  open = set: protocol: map toString set."allowed${protocol}Ports" ++ map (each: "${toString each.from}-${toString each.to}") set."allowed${protocol}PortRanges";
  # Each port that is open on all interfaces or on one: match of the interface, protocol, ports.
  opened = write: lib.concatStrings (lib.concatMap
    (interface: lib.concatMap (protocol: map (port: write interface (lib.toLower protocol) port) (open interface.set protocol)) [ "TCP" "UDP" ])
    ([{ name = null; set = cfg; }] ++ lib.mapAttrsToList (name: set: { inherit name set; }) cfg.interfaces));

  nftRules = ''
    table inet nixos-fw
    delete table inet nixos-fw
    table inet nixos-fw {
      chain input {
        type filter hook input priority filter; policy drop;
        iifname { ${concatMapStringsSep ", " (name: "\"${name}\"") cfg.trustedInterfaces} } accept
        ct state { established, related } accept
    ${optionalString cfg.allowPing "    icmp type echo-request accept\n    icmpv6 type echo-request accept\n"}    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert } accept
    ${opened (interface: protocol: port: "    ${optionalString (interface.name != null) "iifname \"${interface.name}\" "}${protocol} dport ${port} accept\n")}${cfg.extraInputRules}  }
    }
  '';
  nftables = pkgs.writeShellScript "firewall-start" ''
    if command -v nft > /dev/null; then nft -f - <<'__rules__'
    ${nftRules}__rules__
    else echo "this machine has no nft: the rules are not enforced"; fi'';

  iptables = pkgs.writeShellScript "firewall-start" ''
    ip46tables() { iptables -w "$@"; ip6tables -w "$@"; }
    if ! command -v iptables > /dev/null; then echo "this machine has no iptables: the rules are not enforced"; exit 0; fi
    ip46tables -D INPUT -j nixos-fw 2> /dev/null || true
    for chain in nixos-fw nixos-fw-accept nixos-fw-refuse; do
      ip46tables -F $chain 2> /dev/null || true
      ip46tables -X $chain 2> /dev/null || true
    done
    set -e
    ip46tables -N nixos-fw-accept
    ip46tables -A nixos-fw-accept -j ACCEPT
    ip46tables -N nixos-fw-refuse
    ip46tables -A nixos-fw-refuse -j DROP
    ip46tables -N nixos-fw
    ${lib.concatMapStrings (name: "ip46tables -A nixos-fw -i ${name} -j nixos-fw-accept\n") cfg.trustedInterfaces}
    ip46tables -A nixos-fw -m conntrack --ctstate ESTABLISHED,RELATED -j nixos-fw-accept
    ${opened (interface: protocol: port: "ip46tables -A nixos-fw -p ${protocol} --dport ${builtins.replaceStrings [ "-" ] [ ":" ] port} ${optionalString (interface.name != null) "-i ${interface.name} "}-j nixos-fw-accept\n")}
    ${optionalString cfg.allowPing "iptables -w -A nixos-fw -p icmp --icmp-type echo-request -j nixos-fw-accept"}
    ip6tables -w -A nixos-fw -p icmpv6 --icmpv6-type redirect -j DROP
    ip6tables -w -A nixos-fw -p icmpv6 -j nixos-fw-accept
    ${cfg.extraCommands}
    ip46tables -A nixos-fw -j nixos-fw-refuse
    ip46tables -A INPUT -j nixos-fw'';
  stopNftables = pkgs.writeShellScript "nftables-stop" "if command -v nft > /dev/null; then nft delete table inet nixos-fw; fi";
  byNftables = config.networking.nftables.enable;
  start = if byNftables then nftables else iptables;
in
{
  options.networking.firewall = ports // {
    enable = mkOption { type = types.bool; default = true; description = "Whether to enable the firewall."; };
    trustedInterfaces = mkOption { type = types.listOf types.str; default = [ ]; description = "Traffic coming in from these interfaces will be accepted unconditionally."; };
    allowPing = mkOption { type = types.bool; default = true; description = "Whether to respond to incoming ICMPv4 echo requests."; };
    checkReversePath = mkOption { type = types.either types.bool (types.enum [ "strict" "loose" ]); default = true; description = "Performs a reverse path filter test on a packet."; };
    extraCommands = mkOption { type = types.lines; default = ""; description = "Additional shell commands executed as part of the firewall initialisation script."; };
    extraStopCommands = mkOption { type = types.lines; default = ""; description = "Additional shell commands executed as part of the firewall shutdown script."; };
    extraInputRules = mkOption { type = types.lines; default = ""; example = "ip6 saddr { fc00::/7, fe80::/10 } tcp dport 24800 accept"; description = "Additional nftables rules to be appended to the input-allow chain."; };
    extraForwardRules = mkOption { type = types.lines; default = ""; description = "Additional nftables rules to be appended to the forward-allow chain."; };
    interfaces = mkOption { type = types.attrsOf (types.submodule { options = ports; }); default = { }; description = "Interface-specific open ports."; };
  };
  options.networking.nftables.enable = mkOption { type = types.bool; default = false; description = "Whether to enable nftables and use nftables based firewall if enabled."; };
  config = lib.mkIf cfg.enable {
    assertions = [{
      assertion = config.networking.nftables.enable -> cfg.extraCommands == "";
      message = "extraCommands is incompatible with the nftables based firewall: ${cfg.extraCommands}";
    }];
    networking.firewall.trustedInterfaces = [ "lo" ];
    systemd.services.${if byNftables then "nftables" else "firewall"} = {
      description = if byNftables then "nftables firewall" else "Firewall";
      wantedBy = [ "sysinit.target" ];
      before = [ "network-pre.target" "shutdown.target" ];
      wants = [ "network-pre.target" ];
      conflicts = [ "shutdown.target" ];
      unitConfig.DefaultDependencies = false;
      reloadIfChanged = true;
      serviceConfig = { Type = "oneshot"; RemainAfterExit = true; ExecStart = "${start}"; ExecReload = "${start}"; } // lib.optionalAttrs byNftables { ExecStop = "${stopNftables}"; };
    };
  };
}
