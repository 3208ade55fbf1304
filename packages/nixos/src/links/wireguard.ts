import { lib, nix, op } from "@firn/nix";
import { WireguardKeyPair } from "./key-pair.js";
import type { LinkEnd, LinkKind, LinkPeer } from "./kind.js";
import { changeOverUnit, REKEY_UNIT, rekeyUnit } from "./rotation.js";

/** How often a NAT is reminded of a tunnel, in seconds: what WireGuard's own documentation recommends. */
const KEEP_ALIVE_S = 25;

/** NixOS' own module knows networkd since 24.11; before, its script works beside it. */
const THROUGH_NETWORKD = nix`options.networking.wireguard ? useNetworkd && config.networking.useNetworkd`;

/** WireGuard through nixpkgs' `networking.wireguard`, by networkd where the machine's network is networkd's. */
export function wireguard(): LinkKind {
  return {
    // An IPv6 header (40), UDP (8) and WireGuard's own framing (32).
    overhead: 80,
    identity: (name, rotation, opts) => new WireguardKeyPair(name, rotation, opts),
    module: (end) => ({
      networking: {
        wireguard: lib.mkMerge([
          { interfaces: { [end.interface]: interfaceOptions(end) } } as never,
          nix`lib.optionalAttrs (options.networking.wireguard ? useNetworkd) { useNetworkd = lib.mkDefault config.networking.useNetworkd; }`,
        ]),
      },
      systemd: {
        services: lib.mkMerge([
          lib.mkIf(op.not(THROUGH_NETWORKD), {
            [`wireguard-${end.interface}`]: { after: [end.keyUnit], wants: [end.keyUnit] },
          }),
          rotationUnits(end) as never,
        ]),
      },
    }),
  };
}

function rotationUnits(end: LinkEnd): Record<string, unknown> {
  const changing = end.peers.filter((peer) => peer.previousPublicKey !== undefined);
  return {
    ...(end.rotates ? { [unitName(REKEY_UNIT)]: rekeyUnit(end) } : {}),
    ...(changing.length > 0 ? { "firn-link-change": changeOverUnit(end, changing) } : {}),
  };
}

function unitName(unit: string): string {
  return unit.replace(/\.service$/, "");
}

function interfaceOptions(end: LinkEnd) {
  return {
    ips: end.addresses,
    listenPort: end.port,
    mtu: end.mtu,
    privateKeyFile: end.keyFile,
    peers: end.peers.map(peerOptions),
  };
}

function peerOptions(peer: LinkPeer) {
  return {
    publicKey: peer.publicKey,
    allowedIPs: peer.addresses,
    ...(peer.endpoint === undefined ? {} : { endpoint: peer.endpoint }),
    ...(peer.keepAlive ? { persistentKeepalive: KEEP_ALIVE_S } : {}),
  };
}
