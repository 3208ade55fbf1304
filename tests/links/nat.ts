import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { subnetOf } from "../../packages/container/src/addresses.js";
import { placesOf } from "../../packages/container/src/record.js";
import { siteOf } from "../../packages/container/src/site.js";
import type { LabContainer } from "../lab/lab.js";

const run = promisify(execFile);

/** A router with network address translation, in a namespace of its own, between a machine and the bridge. */
export interface NatRouter {
  /** What others see the machine come from; its port 2222 leads to the machine's sshd. */
  readonly address: string;
  remove(): Promise<void>;
}

/**
 * Puts a machine behind a router: it reaches everybody, and nobody reaches it but through the router's port 2222.
 *
 * @param number tells routers of one site apart, from 0
 */
export async function putBehindNat(machine: LabContainer, number: number): Promise<NatRouter> {
  const site = siteOf();
  const { veth, netns } = placesOf(site, machine.id);
  const router = netns.replace(/^firn-/, "firn-nat-");
  const uplink = veth.replace(/^fv/, "nv");
  const { prefixLength } = await subnetOf(site);
  // The upper end of the bridge's addresses, which machines take from the lower end.
  const address = freeAddress(machine.address, prefixLength, 200 + number);
  const inside = (...argv: string[]) => run("ip", ["netns", "exec", router, ...argv]);
  await run("ip", ["netns", "add", router]);
  await run("ip", ["link", "set", "dev", veth, "netns", router]);
  await run("ip", ["link", "add", "name", uplink, "type", "veth", "peer", "name", "eth0", "netns", router]);
  await run("ip", ["link", "set", "dev", uplink, "master", site.bridge, "up"]);
  await inside("ip", "address", "add", `${address}/${prefixLength}`, "dev", "eth0");
  for (const device of ["lo", "eth0", veth]) await inside("ip", "link", "set", "dev", device, "up");
  await inside("ip", "route", "replace", `${machine.address}/32`, "dev", veth);
  // It answers for everybody, so that the machine sends it what is for others.
  const settings = ["net.ipv4.ip_forward=1", `net.ipv4.conf.${veth}.proxy_arp=1`];
  for (const setting of settings) await inside("sysctl", "--quiet", "--write", setting);
  await inside("nft", rules(machine.address, veth));
  return {
    address,
    remove: async () => {
      await run("ip", ["link", "delete", "dev", uplink]);
      await run("ip", ["netns", "delete", router]);
    },
  };
}

function rules(machine: string, inside: string): string {
  return `table ip nat {
  chain prerouting { type nat hook prerouting priority dstnat; iifname "eth0" tcp dport 2222 dnat to ${machine}:22; }
  chain postrouting { type nat hook postrouting priority srcnat; oifname "eth0" masquerade; oifname "${inside}" ct status dnat masquerade; }
}
table ip filter {
  chain forward { type filter hook forward priority filter; policy drop; iifname "${inside}" accept; ct state established,related accept; ct status dnat accept; }
}`;
}

function freeAddress(machine: string, prefixLength: number, host: number): string {
  const value = machine.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - prefixLength);
  const last = Math.floor(value / size) * size + size - 256 + host;
  return [24, 16, 8, 0].map((shift) => Math.floor(last / 2 ** shift) % 256).join(".");
}
