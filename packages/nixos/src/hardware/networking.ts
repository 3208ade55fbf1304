import type { Address, HostFacts } from "@firn/host";
import { lib, type NixModule } from "@firn/nix";

/**
 * `networking` of a host: DHCP where that gave it its addresses, otherwise the addresses, routes and name servers that it
 * has, so that it is reached afterwards where it is reached now.
 */
export function networking(facts: HostFacts): NixModule {
  const own = new Set(facts.interfaces.map(({ name }) => name));
  const fixed = facts.addresses.filter((each) => own.has(each.interface) && !each.dynamic);
  // Where the kernel's own names are in use, NixOS would give the interfaces others.
  const names: NixModule = facts.interfaces.some(({ name }) => /^eth\d+$/.test(name))
    ? { usePredictableInterfaceNames: lib.mkDefault(false) }
    : {};
  if (!fixed.some(({ address }) => !address.includes(":"))) return { ...names, useDHCP: lib.mkDefault(true) };
  const interfaces = [...new Set(fixed.map((each) => each.interface))];
  return {
    ...names,
    useDHCP: lib.mkDefault(false),
    interfaces: Object.fromEntries(
      facts.interfaces
        .filter(({ name }) => interfaces.includes(name) || isDynamic(name, facts))
        .map(({ name }): [string, NixModule] => [
          name,
          interfaces.includes(name)
            ? { ipv4: { addresses: of(name, fixed, 4) }, ipv6: { addresses: of(name, fixed, 6) } }
            : { useDHCP: lib.mkDefault(true) },
        ]),
    ),
    ...gateway("defaultGateway", facts, false),
    ...gateway("defaultGateway6", facts, true),
    ...(facts.nameservers.length === 0 ? {} : { nameservers: facts.nameservers }),
  };
}

function isDynamic(name: string, { addresses }: HostFacts): boolean {
  return addresses.some((each) => each.interface === name && each.dynamic);
}

function of(name: string, addresses: readonly Address[], version: 4 | 6): NixModule[] {
  return addresses
    .filter((each) => each.interface === name && each.address.includes(":") === (version === 6))
    .map(({ address, prefixLength }) => ({ address, prefixLength }));
}

function gateway(option: string, { defaultRoutes }: HostFacts, ipv6: boolean): NixModule {
  const route = defaultRoutes.find(({ via }) => via !== undefined && via.includes(":") === ipv6);
  if (route?.via === undefined) return {};
  return { [option]: lib.mkDefault({ address: route.via, interface: route.interface }) };
}
