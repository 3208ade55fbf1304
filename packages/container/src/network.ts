import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { parseIpv4, type Subnet } from "@firn/nixos/ipv4";
import type { ContainerPlaces } from "./record.js";
import { run } from "./run.js";
import { gatewayOf } from "./subnet.js";

const NETNS_DIRECTORY = "/run/netns";
const INTERFACES = "/sys/class/net";

/** Gives a network its bridge, through which its containers and this computer reach each other. */
export async function ensureBridge(bridge: string, subnet: Subnet): Promise<void> {
  const address = `${gatewayOf(subnet)}/${subnet.prefixLength}`;
  if (await exists(join(INTERFACES, bridge))) {
    // Whose state directory was deleted under running machines has a new subnet, beside theirs.
    await ip([`address replace ${address} dev ${bridge}`]);
    return;
  }
  // A fixed address: a bridge's own would change with its members, and neighbours would lose it for seconds.
  await ip([
    `link add name ${bridge} address ${macOf(gatewayOf(subnet))} type bridge`,
    `link set dev ${bridge} addrgenmode none`,
    `address add ${address} dev ${bridge}`,
    `link set dev ${bridge} up`,
  ]);
}

/** Makes a container's network namespace anew, with a cable from its `eth0` to the bridge. */
export async function attach(bridge: string, places: ContainerPlaces, address: string): Promise<void> {
  await detach(places);
  await run("ip", ["netns", "add", places.netns]);
  await ip([
    `link add name ${places.veth} type veth peer name eth0 address ${macOf(address)} netns ${places.netns}`,
    `link set dev ${places.veth} addrgenmode none`,
    `link set dev ${places.veth} master ${bridge} up`,
  ]);
}

/** Removes what {@link attach} made, or whatever of it is left. */
export async function detach(places: ContainerPlaces): Promise<void> {
  await deleteInterface(places.veth);
  await deleteNetns(places.netns);
}

/** Deletes a network interface of this computer, if it is there. */
export async function deleteInterface(name: string): Promise<void> {
  if (await exists(join(INTERFACES, name))) await run("ip", ["link", "delete", "dev", name]);
}

/** Deletes a network namespace, if it is there. */
export async function deleteNetns(name: string): Promise<void> {
  if (await exists(join(NETNS_DIRECTORY, name))) await run("ip", ["netns", "delete", name]);
}

/** Names of this computer's network namespaces that `ip netns` knows. */
export async function listNetns(): Promise<string[]> {
  return readdir(NETNS_DIRECTORY).catch(() => []);
}

/** Names of this computer's network interfaces. */
export async function listInterfaces(): Promise<string[]> {
  return readdir(INTERFACES);
}

/** Derived from the address, so that nobody's neighbour table is wrong when an address becomes another machine's. */
function macOf(address: string): string {
  const hex = (parseIpv4(address) ?? 0).toString(16).padStart(8, "0");
  return ["02", "fc", ...(hex.match(/../g) ?? [])].join(":");
}

async function ip(commands: readonly string[]): Promise<void> {
  await run("ip", ["-batch", "-"], { input: commands.map((command) => `${command}\n`).join("") });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
