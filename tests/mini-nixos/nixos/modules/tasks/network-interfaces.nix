# Addresses of interfaces. What the machine had from outside is put back when the declaration goes.
{ config, lib, ... }:
let
  inherit (lib) mkOption types escapeShellArg;
  cfg = config.networking;
  address = version: types.submodule {
    options = {
      address = mkOption { type = types.str; description = "IPv${toString version} address of the interface."; };
      prefixLength = mkOption { type = types.addCheck types.int (n: n >= 0 && n <= (if version == 4 then 32 else 128)); description = "Subnet mask of the interface, specified as the number of bits in the prefix."; };
    };
  };
  route = types.submodule {
    options = {
      address = mkOption { type = types.str; description = "Address of the network."; };
      prefixLength = mkOption { type = types.int; description = "Subnet mask of the network."; };
      via = mkOption { type = types.nullOr types.str; default = null; description = "Address of the next hop."; };
      options = mkOption { type = types.attrsOf types.str; default = { }; description = "Other route options."; };
    };
  };
  gateway = types.nullOr (types.coercedTo types.str (address: { inherit address; }) (types.submodule {
    options = {
      address = mkOption { type = types.str; description = "The default gateway address."; };
      interface = mkOption { type = types.nullOr types.str; default = null; description = "The default gateway interface."; };
      metric = mkOption { type = types.nullOr types.int; default = null; description = "The default gateway metric/preference."; };
    };
  }));
  interface = types.submodule ({ name, ... }: {
    options = {
      name = mkOption { type = types.str; default = name; description = "Name of the interface."; };
      useDHCP = mkOption { type = types.nullOr types.bool; default = null; description = "Whether this interface should be configured with DHCP."; };
      ipv4.addresses = mkOption { type = types.listOf (address 4); default = [ ]; example = [ { address = "10.0.0.1"; prefixLength = 16; } ]; description = "List of IPv4 addresses that will be statically assigned to the interface."; };
      ipv6.addresses = mkOption { type = types.listOf (address 6); default = [ ]; description = "List of IPv6 addresses that will be statically assigned to the interface."; };
      ipv4.routes = mkOption { type = types.listOf route; default = [ ]; description = "List of extra IPv4 static routes."; };
      ipv6.routes = mkOption { type = types.listOf route; default = [ ]; description = "List of extra IPv6 static routes."; };
      macAddress = mkOption { type = types.nullOr types.str; default = null; description = "MAC address of the interface."; };
      mtu = mkOption { type = types.nullOr types.int; default = null; description = "MTU size for packets leaving the interface."; };
      wakeOnLan.enable = mkOption { type = types.bool; default = false; description = "Whether to enable wol on this interface."; };
    };
  });
  addressesOf = each: each.ipv4.addresses ++ each.ipv6.addresses;
  cidr = each: "${each.address}/${toString each.prefixLength}";

  service = each: lib.nameValuePair "network-addresses-${each.name}" {
    description = "Address configuration of ${each.name}";
    wantedBy = [ "network.target" "multi-user.target" ];
    before = [ "network.target" ];
    stopIfChanged = false;
    serviceConfig = { Type = "oneshot"; RemainAfterExit = true; };
    script = ''
      state=/run/nixos/network/addresses/${each.name}
      if [ ! -e "$state" ]; then
        mkdir -p "''${state%/*}"
        { ip -o address show dev ${each.name} scope global | sed 's/.* inet6* \([^ ]*\) .*/address \1/'
          ip route show default dev ${each.name} | sed 's/^/route /'; } > "$state"
      fi
      ip link set up dev ${each.name}
      # Without an address of its own, a machine keeps the one that DHCP gave it.
      ${lib.optionalString (each.ipv4.addresses != [ ] && each.useDHCP != true) "ip -4 address flush dev ${each.name} scope global"}
      ${lib.optionalString (each.ipv6.addresses != [ ]) "ip -6 address flush dev ${each.name} scope global"}
      ${lib.concatMapStrings (a: "ip address add ${escapeShellArg (cidr a)} dev ${each.name}\n") (addressesOf each)}
      ${lib.concatMapStrings (r: "ip route replace ${escapeShellArg (cidr r)} ${lib.optionalString (r.via != null) "via ${escapeShellArg r.via}"} dev ${each.name}\n") (each.ipv4.routes ++ each.ipv6.routes)}
      sed -n 's/^route //p' "$state" | while read -r route; do ip route replace $route dev ${each.name} || true; done
      ${lib.optionalString (each.mtu != null) "ip link set mtu ${toString each.mtu} dev ${each.name}"}'';
    postStop = ''
      state=/run/nixos/network/addresses/${each.name}
      [ -e "$state" ] || exit 0
      ip address flush dev ${each.name} scope global
      while read -r kind rest; do
        case $kind in
          address) ip address replace $rest dev ${each.name};;
          route) ip route replace $rest dev ${each.name};;
        esac
      done < "$state"
      rm "$state"'';
  };
  withAddresses = lib.filter (each: addressesOf each != [ ]) (lib.attrValues cfg.interfaces);
  gatewayCommand = g: lib.optionalString (g != null) "ip route replace default via ${escapeShellArg g.address} ${lib.optionalString (g.interface != null) "dev ${g.interface}"} ${lib.optionalString (g.metric != null) "metric ${toString g.metric}"}\n";
  setup = gatewayCommand cfg.defaultGateway + gatewayCommand cfg.defaultGateway6 + cfg.localCommands;
in
{
  options = {
    networking = {
      interfaces = mkOption { type = types.attrsOf interface; default = { }; description = "The configuration for each network interface."; };
      useDHCP = mkOption { type = types.bool; default = true; description = "Whether to use DHCP to obtain an IP address and other configuration for all network interfaces that do not have any manually configured IPv4 addresses."; };
      useNetworkd = mkOption { type = types.bool; default = false; description = "Whether we should use networkd as the network configuration backend."; };
      usePredictableInterfaceNames = mkOption { type = types.bool; default = true; description = "Whether to assign predictable names to network interfaces."; };
      enableIPv6 = mkOption { type = types.bool; default = true; description = "Whether to enable support for IPv6."; };
      dhcpcd.enable = mkOption { type = types.bool; default = true; description = "Whether to enable dhcpcd for device configuration."; };
      defaultGateway = mkOption { type = gateway; default = null; description = "The default gateway."; };
      defaultGateway6 = mkOption { type = gateway; default = null; description = "The default ipv6 gateway."; };
      localCommands = mkOption { type = types.lines; default = ""; example = "text=anything; echo You can put $text here."; description = "Shell commands to be executed at the end of the `network-setup` systemd service."; };
    };
  };
  config.systemd.services = lib.listToAttrs (map service withAddresses) // lib.optionalAttrs (setup != "") {
    network-local-commands = {
      description = "Extra networking commands.";
      wantedBy = [ "network.target" "multi-user.target" ];
      after = [ "network-pre.target" ] ++ map (each: "network-addresses-${each.name}.service") withAddresses;
      before = [ "network.target" ];
      serviceConfig = { Type = "oneshot"; RemainAfterExit = true; };
      script = setup;
    };
  };
}
