import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { formatSubnet, overlaps, parseSubnet, type Subnet } from "@firn/nixos/ipv4";
import { ContainerError } from "./errors.js";
import { listInterfaces } from "./network.js";
import { listIds, readRecord } from "./record.js";
import { run } from "./run.js";
import type { Site } from "./site.js";
import { chooseSubnet, nextAddress } from "./subnet.js";

/** One of a site's networks: its bridge, and the file that keeps its subnet for as long as the site has containers. */
export interface SiteNetwork {
  readonly bridge: string;
  readonly file: string;
}

/** The network that all of a site's containers share, or the private one of some. */
export function networkOf(site: Site, name?: string): SiteNetwork {
  if (name === undefined) return { bridge: site.bridge, file: join(site.directory, "network.json") };
  // Names of interfaces have 15 characters at most.
  const tag = createHash("sha256").update(name).digest("hex").slice(0, 3);
  return { bridge: `${site.bridge}-${tag}`, file: join(site.directory, `network-${tag}.json`) };
}

/** Whether an interface is the bridge of one of a site's networks. */
export function isBridgeOf(site: Site, name: string): boolean {
  return name === site.bridge || (name.startsWith(`${site.bridge}-`) && /-[0-9a-f]{3}$/.test(name));
}

/** Files of all networks that a site has had. */
export async function networkFiles(site: Site): Promise<string[]> {
  const names = await readdir(site.directory).catch(() => []);
  return names
    .filter((name) => /^network(-[0-9a-f]{3})?\.json$/.test(name))
    .map((name) => join(site.directory, name));
}

/**
 * The subnet of a site's containers: the one that it has, or a new one that nothing on this computer uses.
 * Call it under the computer's lock.
 *
 * @throws ContainerError when every candidate is in use
 */
export async function subnetOf(site: Site, network = networkOf(site)): Promise<Subnet> {
  const known = await readNetwork(network);
  const own = known && parseSubnet(known.subnet);
  if (own && (await isOwn(site, network, own))) return own;
  // A network may have its subnet already, and its bridge not yet.
  const others = await Promise.all(
    (await networkFiles(site)).map(async (file) => (await readNetwork({ file }))?.subnet),
  );
  const planned = others.flatMap((subnet) => parseSubnet(subnet ?? "") ?? []);
  const inUse = [...(await subnetsInUse()), ...planned];
  const subnet = chooseSubnet(inUse);
  if (!subnet)
    throw new ContainerError(
      `No subnet is left for machines on this computer: all that Firn would take overlap with its addresses and routes (${inUse.map(formatSubnet).join(", ")}). Remove an unused interface or route.`,
    );
  await writeFile(network.file, JSON.stringify({ subnet: formatSubnet(subnet) }));
  return subnet;
}

/**
 * Takes a free address for a container; it is reserved once the record that holds it is written.
 * Call it under the computer's lock.
 *
 * @throws ContainerError when all addresses of the subnet are taken
 */
export async function takeAddress(site: Site, network = networkOf(site)): Promise<string> {
  const subnet = await subnetOf(site, network);
  const records = await Promise.all((await listIds(site)).map((id) => readRecord(site, id)));
  const taken = new Set(records.flatMap((record) => (record ? [record.address] : [])));
  const address = nextAddress(subnet, taken, (await readNetwork(network))?.last);
  if (!address)
    throw new ContainerError(
      `All addresses of ${formatSubnet(subnet)} belong to machines (${taken.size}): destroy some, or set FIRN_CONTAINER_STATE to another directory, which gets its own subnet.`,
    );
  await writeFile(network.file, JSON.stringify({ subnet: formatSubnet(subnet), last: address }));
  return address;
}

/**
 * Whether a site's subnet is still its own: after this computer was started anew, another site may have taken it.
 *
 * @throws ContainerError when it is not, and the site's machines have addresses in it
 */
async function isOwn(site: Site, network: SiteNetwork, subnet: Subnet): Promise<boolean> {
  if ((await listInterfaces()).includes(network.bridge)) return true;
  const other = (await subnetsInUse()).find((used) => overlaps(used, subnet));
  if (!other) return true;
  if ((await listIds(site)).length === 0) return false;
  throw new ContainerError(
    `The machines in ${site.directory} have addresses in ${formatSubnet(subnet)}, and this computer uses ${formatSubnet(other)} for something else now: remove that (\`ip route\` shows it), or these machines with \`pulumi destroy\`.`,
  );
}

async function readNetwork({
  file,
}: Pick<SiteNetwork, "file">): Promise<{ subnet: string; last?: string } | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  return text === undefined ? undefined : JSON.parse(text);
}

/** Everything that this computer has an address in, a route to, or asks names of. */
async function subnetsInUse(): Promise<Subnet[]> {
  const [addresses, routes, resolver] = await Promise.all([
    run("ip", ["-json", "-4", "address", "show"]),
    run("ip", ["-json", "-4", "route", "show", "table", "all"]),
    readFile("/etc/resolv.conf", "utf8").catch(() => ""),
  ]);
  const own = (JSON.parse(addresses || "[]") as InterfaceAddresses[]).flatMap((each) =>
    each.addr_info.map((info) => `${info.local}/${info.prefixlen}`),
  );
  const routed = (JSON.parse(routes || "[]") as Route[])
    .map((route) => route.dst)
    .filter((dst) => dst !== "default");
  const nameServers = [...resolver.matchAll(/^nameserver\s+(\d+(?:\.\d+){3})\s*$/gm)].map(
    (match) => match[1] ?? "",
  );
  return [...own, ...routed, ...nameServers].flatMap((text) => parseSubnet(text) ?? []);
}

interface InterfaceAddresses {
  readonly addr_info: readonly { readonly local: string; readonly prefixlen: number }[];
}

interface Route {
  readonly dst: string;
}
