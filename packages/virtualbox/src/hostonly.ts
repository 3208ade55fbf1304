import { networkInterfaces } from "node:os";
import { netmaskOf } from "@firn/nixos/ipv4";
import { VirtualboxError } from "./manage/error.js";
import { manage, manageIfThere } from "./manage/manage.js";
import { addressAt, type Subnet, subnetOf } from "./subnet.js";

/** What VirtualBox calls a host-only network: an interface (Linux, Windows), or a network (macOS since 7.0). */
export type HostOnlyKind = "hostonlyif" | "hostonlynet";

export interface HostOnlyNetwork {
  readonly kind: HostOnlyKind;
  /** `vboxnet0`, or a name of one's own on macOS. */
  readonly name: string;
  /** `undefined` while it has no address. */
  readonly subnet: Subnet | undefined;
}

/** Which kind this computer's VirtualBox has. */
export function kindOf(platform: NodeJS.Platform = process.platform): HostOnlyKind {
  return platform === "darwin" ? "hostonlynet" : "hostonlyif";
}

/** All host-only networks that there are, of both kinds. */
export async function hostOnlyNetworks(): Promise<HostOnlyNetwork[]> {
  const interfaces = await manage("list its host-only interfaces", "list", "hostonlyifs");
  const networks = await manageIfThere("list its host-only networks", "list", "hostonlynets");
  return [
    ...blocks(interfaces).map(
      (block): HostOnlyNetwork => ({
        kind: "hostonlyif",
        name: block.get("Name") ?? "",
        subnet: subnetOf(block.get("IPAddress") ?? "", block.get("NetworkMask") ?? ""),
      }),
    ),
    ...blocks(networks ?? "").map(
      (block): HostOnlyNetwork => ({
        kind: "hostonlynet",
        name: block.get("Name") ?? "",
        // The host itself has the lower address.
        subnet: subnetOf(block.get("LowerIP") ?? "", block.get("NetworkMask") ?? ""),
      }),
    ),
  ].filter(({ name }) => name !== "");
}

/** Blocks of `Key:   value` that each begin with a name; there are empty lines between them, and within. */
function blocks(text: string): ReadonlyMap<string, string>[] {
  return text.split(/^(?=Name:)/m).map((block) => {
    const lines = [...block.matchAll(/^(\S[^:]*):[ \t]*(.*?)\r?$/gm)];
    return new Map(lines.map((line) => [line[1] ?? "", line[2] ?? ""]));
  });
}

/** What this computer has addresses in already. */
export function subnetsHere(): Subnet[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family }) => family === "IPv4")
    .flatMap(({ address, netmask }) => subnetOf(address, netmask) ?? []);
}

/**
 * Makes a host-only network.
 *
 * @param name for the kind that has names of one's own
 * @returns its name
 */
export async function makeHostOnly(kind: HostOnlyKind, name: string): Promise<string> {
  if (kind === "hostonlynet") return name;
  const said = await manage("make a host-only network", "hostonlyif", "create");
  const made = /Interface '(.+)' was successfully created/.exec(said)?.[1];
  if (made === undefined)
    throw new VirtualboxError(`VBoxManage made a host-only interface and does not say which: ${said.trim()}`);
  return made;
}

/** Gives a host-only network its addresses; this is where VirtualBox refuses those that it does not allow. */
export async function configureHostOnly(kind: HostOnlyKind, name: string, subnet: Subnet): Promise<void> {
  const doing = `give the host-only network ${name} the address ${subnet.host}/${subnet.prefixLength}`;
  const netmask = `--netmask=${netmaskOf(subnet)}`;
  if (kind === "hostonlyif")
    await manage(doing, "hostonlyif", "ipconfig", name, `--ip=${subnet.host}`, netmask);
  else {
    // VirtualBox gives the few addresses between by DHCP, and machines have those above.
    const range = [`--lower-ip=${addressAt(subnet, 1)}`, `--upper-ip=${addressAt(subnet, 9)}`];
    await manage(doing, "hostonlynet", "add", `--name=${name}`, netmask, ...range, "--enable");
  }
}

/** Removes a host-only network, if it is there. */
export async function removeHostOnly(kind: HostOnlyKind, name: string): Promise<void> {
  const which = kind === "hostonlyif" ? name : `--name=${name}`;
  if ((await hostOnlyNetworks()).some((each) => each.kind === kind && each.name === name))
    await manage(`remove the host-only network ${name}`, kind, "remove", which);
}
