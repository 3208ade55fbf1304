import { addressCount, formatIpv4, parseIpv4 } from "@firn/nixos/ipv4";
import { LibvirtError } from "../errors.js";
import { type Virsh, VirshError } from "../virsh/virsh.js";
import { element } from "../xml/element.js";
import { printXml } from "../xml/print.js";
import { readXml } from "../xml/read.js";
import { addressesOf, type NetworkAddresses } from "./definition.js";
import { contains, networkSubnet } from "./subnet.js";

/** How often another deployment may take an address that was free a moment ago. */
const TRIES = 20;

/** A machine as its network knows it. */
export interface Client {
  readonly mac: string;
  /** Its host name. */
  readonly name: string;
  /** The address that it shall have; default: a free one. */
  readonly address?: string | undefined;
}

/**
 * Has a network of libvirt give a machine the same address for as long as it exists, and returns that. Repeating it
 * changes nothing. It holds at once, and after the network was started anew.
 *
 * @throws LibvirtError where the network has no DHCP, no such address or none left, or another machine has it
 */
export async function reserveAddress(virsh: Virsh, network: string, client: Client): Promise<string> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const known = addressesOf(readXml(await virsh.run(["net-dumpxml", network])));
    const own = known.reservations.find(({ mac }) => mac === client.mac);
    if (own && (client.address === undefined || own.address === client.address)) return own.address;
    const address = client.address ?? freeAddress(network, known);
    check(network, known, client, address);
    if (own) await change(virsh, network, "delete", own);
    const added = await change(virsh, network, "add", { ...client, address }).catch((error: unknown) => {
      // Another one was faster: the network is read again.
      if (error instanceof VirshError && /existing dhcp host entry/.test(error.said)) return false;
      throw error;
    });
    if (added) return address;
  }
  throw new LibvirtError(
    `${client.name} gets no address in libvirt's network ${network}: all that were free were taken meanwhile. Try again.`,
  );
}

/** Takes back what {@link reserveAddress} gave; does nothing where the network or the reservation is gone. */
export async function releaseAddress(virsh: Virsh, network: string, mac: string): Promise<void> {
  const text = await virsh.ask(["net-dumpxml", network]);
  if (text === undefined) return;
  const own = addressesOf(readXml(text)).reservations.find((each) => each.mac === mac);
  if (own) await change(virsh, network, "delete", own);
}

async function change(
  virsh: Virsh,
  network: string,
  verb: "add" | "delete",
  { mac, address, name }: { mac: string; address: string; name?: string },
): Promise<true> {
  const host = printXml(element("host", { mac, name, ip: address })).trim();
  await virsh.run(["net-update", network, verb, "ip-dhcp-host", "--xml", host, "--live", "--config"]);
  return true;
}

function check(network: string, known: NetworkAddresses, client: Client, address: string): void {
  const place = `libvirt({ address: ${JSON.stringify(address)} }) of ${client.name}`;
  const value = parseIpv4(address);
  const subnet = networkSubnet(known.subnet ?? "");
  const isHost =
    value !== undefined &&
    contains(subnet, value) &&
    value > subnet.base &&
    value < subnet.base + addressCount(subnet) - 1;
  if (!isHost)
    throw new LibvirtError(
      `${place}: the network ${network} has the addresses ${known.subnet}. Choose one of them.`,
    );
  if (address === known.gateway)
    throw new LibvirtError(`${place}: that is the host's own address in ${network}. Choose another one.`);
  const other = known.reservations.find((each) => each.address === address && each.mac !== client.mac);
  if (other)
    throw new LibvirtError(
      `${place}: ${other.mac} has it already in the network ${network} (\`virsh net-dumpxml ${network}\` shows all). Choose another one.`,
    );
}

/** The first address that is reserved for nobody; those that are given to whoever asks come last. */
function freeAddress(
  network: string,
  { subnet, gateway, hasDhcp, ranges, reservations }: NetworkAddresses,
): string {
  if (subnet === undefined || !hasDhcp)
    throw new LibvirtError(
      `libvirt's network ${network} gives no addresses by DHCP: say libvirt({ address: "192.168.1.10/24", gateway: "192.168.1.1" }), with an address that is free there.`,
    );
  const { base } = networkSubnet(subnet);
  const size = addressCount(networkSubnet(subnet));
  const taken = new Set([gateway, ...reservations.map(({ address }) => address)]);
  const isDynamic = (value: number) => ranges.some(({ start, end }) => value >= start && value <= end);
  let last: string | undefined;
  for (let value = base + 2; value < base + size - 1; value += 1) {
    const address = formatIpv4(value);
    if (taken.has(address)) continue;
    if (!isDynamic(value)) return address;
    last ??= address;
  }
  if (last !== undefined) return last;
  throw new LibvirtError(
    `All addresses of libvirt's network ${network} (${subnet}) are reserved: destroy machines, or take a larger network.`,
  );
}
