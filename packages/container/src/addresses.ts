import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ContainerError } from "./errors.js";
import { listInterfaces } from "./network.js";
import { listIds, readRecord } from "./record.js";
import { run } from "./run.js";
import type { Site } from "./site.js";
import { chooseSubnet, formatSubnet, nextAddress, overlaps, parseSubnet, type Subnet } from "./subnet.js";

/** The site's file that keeps its subnet for as long as it has containers. */
const NETWORK_FILE = "network.json";

/**
 * The subnet of a site's containers: the one that it has, or a new one that nothing on this computer uses.
 * Call it under the computer's lock.
 *
 * @throws ContainerError when every candidate is in use
 */
export async function subnetOf(site: Site): Promise<Subnet> {
  const known = await readNetwork(site);
  if (known && (await isOwn(site, known.subnet))) return parseSubnet(known.subnet);
  const inUse = await subnetsInUse();
  const subnet = chooseSubnet(inUse);
  if (!subnet)
    throw new ContainerError(
      `No subnet is left for machines on this computer: all that Firn would take overlap with its addresses and routes (${inUse.map(formatSubnet).join(", ")}). Remove an unused interface or route.`,
    );
  await writeFile(join(site.directory, NETWORK_FILE), JSON.stringify({ subnet: formatSubnet(subnet) }));
  return subnet;
}

/**
 * Takes a free address for a container; it is reserved once the record that holds it is written.
 * Call it under the computer's lock.
 *
 * @throws ContainerError when all addresses of the subnet are taken
 */
export async function takeAddress(site: Site): Promise<string> {
  const subnet = await subnetOf(site);
  const records = await Promise.all((await listIds(site)).map((id) => readRecord(site, id)));
  const taken = new Set(records.flatMap((record) => (record ? [record.address] : [])));
  const address = nextAddress(subnet, taken, (await readNetwork(site))?.last);
  if (!address)
    throw new ContainerError(
      `All addresses of ${formatSubnet(subnet)} belong to machines (${taken.size}): destroy some, or set FIRN_CONTAINER_STATE to another directory, which gets its own subnet.`,
    );
  await writeFile(
    join(site.directory, NETWORK_FILE),
    JSON.stringify({ subnet: formatSubnet(subnet), last: address }),
  );
  return address;
}

/**
 * Whether a site's subnet is still its own: after this computer was started anew, another site may have taken it.
 *
 * @throws ContainerError when it is not, and the site's machines have addresses in it
 */
async function isOwn(site: Site, text: string): Promise<boolean> {
  if ((await listInterfaces()).includes(site.bridge)) return true;
  const subnet = parseSubnet(text);
  const other = (await subnetsInUse()).find((used) => overlaps(used, subnet));
  if (!other) return true;
  if ((await listIds(site)).length === 0) return false;
  throw new ContainerError(
    `The machines in ${site.directory} have addresses in ${text}, and this computer uses ${formatSubnet(other)} for something else now: remove that (\`ip route\` shows it), or these machines with \`pulumi destroy\`.`,
  );
}

async function readNetwork(site: Site): Promise<{ subnet: string; last?: string } | undefined> {
  const text = await readFile(join(site.directory, NETWORK_FILE), "utf8").catch(() => undefined);
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
  return [...own, ...routed, ...nameServers].map(parseSubnet);
}

interface InterfaceAddresses {
  readonly addr_info: readonly { readonly local: string; readonly prefixlen: number }[];
}

interface Route {
  readonly dst: string;
}
