{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.systemd.network;
  units = import ../../../lib/systemd-unit-options.nix { inherit lib; };
  section = mkOption { default = { }; type = types.attrsOf units.unitOption; description = "Options of the section."; };
  list = mkOption { default = [ ]; type = types.listOf types.str; description = "Values of the option."; };
  unit = sections: extra: types.attrsOf (types.submodule {
    options = { enable = mkOption { type = types.bool; default = true; description = "Whether to manage the network with this configuration."; }; extraConfig = mkOption { type = types.lines; default = ""; description = "Extra configuration."; }; }
      // lib.mapAttrs (_: _: section) sections // extra;
  });
  show = name: values: lib.optionalString (values != { }) ("[${name}]\n" + lib.concatStrings (lib.concatLists (lib.mapAttrsToList
    (key: value: map (each: "${key}=${if builtins.isBool each then lib.boolToString each else toString each}\n") (lib.toList value)) values)) + "\n");
  networkSections = { matchConfig = "Match"; linkConfig = "Link"; networkConfig = "Network"; dhcpV4Config = "DHCPv4"; };
  netdevSections = { netdevConfig = "NetDev"; bridgeConfig = "Bridge"; vlanConfig = "VLAN"; wireguardConfig = "WireGuard"; };
  file = extension: sections: name: each: lib.nameValuePair "systemd/network/${name}.${extension}" {
    text = lib.concatStrings (lib.mapAttrsToList (option: title: show title (each.${option}
      // lib.optionalAttrs (title == "Network") (lib.filterAttrs (_: v: v != [ ]) { Address = each.address; Gateway = each.gateway; DNS = each.dns; })))
      sections) + each.extraConfig;
  };
  enabled = lib.filterAttrs (_: each: each.enable);
in
{
  options.systemd.network = {
    enable = mkOption { type = types.bool; default = false; description = "Whether to enable networkd or not."; };
    wait-online.enable = mkOption { type = types.bool; default = true; description = "Whether to enable the systemd-networkd-wait-online service."; };
    networks = mkOption { default = { }; type = unit networkSections { address = list; gateway = list; dns = list; }; description = "Definition of systemd networks."; };
    netdevs = mkOption { default = { }; type = unit netdevSections { }; description = "Definition of systemd network devices."; };
  };
  config = lib.mkIf cfg.enable {
    environment.etc = lib.mapAttrs' (file "network" networkSections) (enabled cfg.networks) // lib.mapAttrs' (file "netdev" netdevSections) (enabled cfg.netdevs);
  };
}
