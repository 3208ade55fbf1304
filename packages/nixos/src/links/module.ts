import { type NixModule, nix } from "@firn/nix";
import type { Outputs } from "../config.js";
import type { Ipv4Range } from "./addresses.js";
import { firewallModule } from "./firewall.js";
import type { LinkEnd, LinkKind } from "./kind.js";

/** What a module is made of besides the end itself. */
interface Surroundings {
  readonly kind: LinkKind;
  readonly forwards: boolean;
  readonly addressRange: Ipv4Range;
}

/**
 * The NixOS half of one machine's links: its tunnels, its firewall and the names of those it reaches.
 *
 * @param names by address inside the tunnels
 */
export function linkModule(
  { kind, forwards, addressRange }: Surroundings,
  end: LinkEnd,
  names: Readonly<Record<string, readonly string[]>>,
): NixModule<Outputs> {
  const tunnels = kind.module(end);
  return {
    ...tunnels,
    networking: {
      ...(tunnels.networking as object),
      ...firewallModule(end, forwards),
      hosts: names,
    },
    assertions: ownAddressAssertion(addressRange),
    ...(forwards ? { boot: { kernel: { sysctl: FORWARDING } } } : {}),
  } as NixModule<Outputs>;
}

const FORWARDING = { "net.ipv4.conf.all.forwarding": true, "net.ipv6.conf.all.forwarding": true };

/** An address that the machine's own configuration gives to an interface would be taken for one inside the tunnels. */
function ownAddressAssertion({ text, base, hostBits }: Ipv4Range) {
  return nix`
    let
      value = address: builtins.foldl' (sum: part: sum * 256 + lib.toInt part) 0 (lib.splitString "." address);
      inside = address: value address >= ${base} && value address < ${base + 2 ** hostBits};
      addresses = lib.concatMap (each: map (ip: ip.address) each.ipv4.addresses) (builtins.attrValues config.networking.interfaces);
    in
    map (address: {
      assertion = !inside address;
      message = "The address \${address} of this machine lies in the range of the addresses inside the tunnels, ${text}: give the network another links.range.";
    }) addresses`;
}
