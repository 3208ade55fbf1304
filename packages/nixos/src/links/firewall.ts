import { isIP } from "node:net";
import { config, lib, op } from "@firn/nix";
import * as pulumi from "@pulumi/pulumi";
import type { LinkOpening } from "../target.js";
import { whenKnown } from "./facts.js";
import type { LinkEnd, LinkPeer } from "./kind.js";

type KnownPeer = Pick<LinkPeer, "addresses" | "comesFrom" | "trusted">;

/** The two firewalls that NixOS has. */
export interface Rules {
  readonly iptables: string;
  readonly nftables: string;
}

/**
 * Rules for one end: its port is open to its peers only, where it is known what they come from, and what a trusted
 * peer says inside the tunnel is let in. Inside the tunnel an address proves who is speaking.
 */
export function firewallRules(end: Pick<LinkEnd, "interface" | "port">, peers: readonly KnownPeer[]): Rules {
  const from = sourcesOf(peers) ?? [undefined];
  const trusted = peers.filter((peer) => peer.trusted).flatMap((peer) => peer.addresses);
  const iptables = [
    ...from.map((source) => {
      const program = source === undefined ? "ip46tables" : family(source).program;
      const match = source === undefined ? "" : ` -s ${source}`;
      return `${program} -A nixos-fw -p udp${match} --dport ${end.port} -j nixos-fw-accept`;
    }),
    ...trusted.map(
      (address) =>
        `${family(address).program} -A nixos-fw -i ${end.interface} -s ${address} -j nixos-fw-accept`,
    ),
  ];
  const nftables = [
    ...from.map((source) => {
      const match = source === undefined ? "" : `${family(source).nft} saddr ${source} `;
      return `${match}udp dport ${end.port} accept`;
    }),
    ...trusted.map((address) => `iifname "${end.interface}" ${family(address).nft} saddr ${address} accept`),
  ];
  return { iptables: lines(iptables), nftables: lines(nftables) };
}

/**
 * The same as options of NixOS, for whichever firewall the machine has.
 *
 * @param forwards whether packets go on from one tunnel to another
 */
export function firewallModule(end: LinkEnd, forwards: boolean) {
  const { nftables } = config.networking;
  const rules = whenKnown(partsOf(end), () => firewallRules(end, end.peers));
  const text = (name: keyof Rules) => whenKnown([rules], () => rules[name]);
  return {
    firewall: {
      extraCommands: lib.mkIf(op.not(nftables.enable), text("iptables")),
      extraInputRules: lib.mkIf(nftables.enable, text("nftables")),
      ...(forwards ? { extraForwardRules: lib.mkIf(nftables.enable, forwardRule(end)) } : {}),
    },
  };
}

function forwardRule(end: LinkEnd): string {
  return `iifname "${end.interface}" oifname "${end.interface}" accept\n`;
}

/** Addresses that peers come from; undefined where one of them may come from anywhere. */
export function sourcesOf(peers: readonly Pick<KnownPeer, "comesFrom">[]): string[] | undefined {
  const sources = peers.map(({ comesFrom }) => comesFrom);
  const anywhere = sources.some((source) => source === undefined || isIP(source) === 0);
  return anywhere ? undefined : [...new Set(sources as string[])].sort();
}

/**
 * The same for a firewall in front of the machine.
 *
 * @param late the end with its peers' addresses
 * @param outside a peer's address as those see it that are in no private network with it; undefined for one that is
 */
export function linkOpenings(
  end: LinkEnd,
  late: Promise<LinkEnd>,
  outside: (peer: LinkPeer) => pulumi.Output<string | undefined>,
): LinkOpening[] {
  if (end.peers.length === 0) return [];
  const from = late.then((known) => whenKnown(partsOf(known), () => sourcesOf(known.peers)));
  const isAnywhere = end.peers.some(({ comesFrom }) => comesFrom === undefined);
  const fromOutside = isAnywhere
    ? pulumi.output(undefined)
    : pulumi.all(end.peers.map(outside)).apply((addresses) => {
        const present = addresses.filter((address) => address !== undefined);
        return sourcesOf(present.map((comesFrom) => ({ comesFrom })));
      });
  return [{ port: end.port, from: pulumi.output(from) as LinkOpening["from"], fromOutside }];
}

function partsOf({ peers }: LinkEnd): unknown[] {
  return peers.flatMap(({ comesFrom, addresses }) => [comesFrom, addresses]);
}

function family(address: string): { program: string; nft: string } {
  return address.includes(":") ? { program: "ip6tables", nft: "ip6" } : { program: "iptables", nft: "ip" };
}

function lines(rules: readonly string[]): string {
  return rules.map((rule) => `${rule}\n`).join("");
}
