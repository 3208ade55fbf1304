import { setTimeout as sleep } from "node:timers/promises";
import { hostOnlyNetworks } from "./hostonly.js";
import { VirtualboxError } from "./manage/error.js";
import { globalNotes, writeNote } from "./manage/extra-data.js";
import { machineNames } from "./manage/info.js";
import { manage } from "./manage/manage.js";
import { formatMac } from "./seed.js";
import { contains, freeAddress, type Subnet } from "./subnet.js";

/** How long a machine may take from its start until its Guest Additions tell its address, in milliseconds. */
const TELLING_MS = 5 * 60_000;

/** Addresses are taken one at a time. */
let queue: Promise<unknown> = Promise.resolve();

/**
 * Takes an address in a host-only network for a machine that VirtualBox knows already. It is noted in VirtualBox, so that
 * other stacks leave it alone, and is free again once the machine is gone.
 *
 * @param wanted the one that the user chose
 */
export function takeAddress(subnet: Subnet, machine: string, wanted?: string): Promise<string> {
  const taken = queue.then(() => take(subnet, machine, wanted));
  queue = taken.catch(() => {});
  return taken;
}

async function take(subnet: Subnet, machine: string, wanted?: string): Promise<string> {
  const notes = await globalNotes("Address/");
  const names = new Set(await machineNames());
  const others = new Map([...notes].filter(([, owner]) => owner !== machine && names.has(owner)));
  const own = [...notes].find(([address, owner]) => owner === machine && contains(subnet, address))?.[0];
  const where = `the host-only network ${subnet.host}/${subnet.prefixLength}`;
  if (wanted !== undefined && !contains(subnet, wanted))
    throw new VirtualboxError(`virtualbox({ address: "${wanted}" }) is not in ${where}.`);
  if (wanted !== undefined && others.has(wanted))
    throw new VirtualboxError(
      `virtualbox({ address: "${wanted}" }) is the address of ${others.get(wanted)}: choose another one.`,
    );
  const address = wanted ?? own ?? freeAddress(subnet, new Set(others.keys()));
  if (address === undefined)
    throw new VirtualboxError(
      `All addresses that Firn gives in ${where} (its 10th to 99th) belong to machines: give an \`address\`, or another network.`,
    );
  await writeNote("global", `Address/${address}`, machine);
  return address;
}

/** Gives a machine's address back. */
export async function freeAddresses(machine: string): Promise<void> {
  for (const [address, owner] of await globalNotes("Address/"))
    if (owner === machine) await writeNote("global", `Address/${address}`);
}

/** The addresses of a host-only network. @throws VirtualboxError where there is none of the name, or it has none */
export async function subnetOfNetwork(name: string): Promise<Subnet> {
  const networks = await hostOnlyNetworks();
  const found = networks.find((each) => each.name === name);
  if (found?.subnet) return found.subnet;
  const known = networks.map((each) => each.name).join(", ") || "none";
  throw new VirtualboxError(
    found
      ? `The host-only network "${name}" has no IPv4 address: give it one (VBoxManage hostonlyif ipconfig ${name} --ip=192.168.56.1).`
      : `VirtualBox has no host-only network "${name}" (it has ${known}): leave \`hostOnly\` out and Firn makes one; or run \`pulumi refresh\` where Firn had made it.`,
  );
}

/**
 * The IPv4 address that a machine's Guest Additions tell of one of its interfaces.
 *
 * @param mac as VirtualBox says it, `080027AABBCC`
 */
export async function guestAddress(machine: string, mac: string): Promise<string | undefined> {
  // Guests count their interfaces as they find them.
  for (let number = 0; number < 8; number += 1) {
    const told = await guestProperty(machine, `/VirtualBox/GuestInfo/Net/${number}/MAC`);
    if (told === undefined) return undefined;
    if (told.toUpperCase() === mac.toUpperCase())
      return guestProperty(machine, `/VirtualBox/GuestInfo/Net/${number}/V4/IP`);
  }
  return undefined;
}

/** Waits for {@link guestAddress}. @throws VirtualboxError where it does not come */
export async function waitForGuestAddress(
  machine: string,
  name: string,
  mac: string,
  timeoutMs = TELLING_MS,
): Promise<string> {
  for (const end = Date.now() + timeoutMs; Date.now() < end; await sleep(1000)) {
    const address = await guestAddress(machine, mac);
    if (address) return address;
  }
  throw new VirtualboxError(
    `The machine ${name} did not tell its address in the bridged network within ${timeoutMs / 1000} s (interface ${formatMac(mac)}). Its image must have VirtualBox' Guest Additions for that, which the cloud images of Debian and Ubuntu have not: give it a fixed \`address\` like "192.168.1.20/24", or leave \`bridged\` out.`,
  );
}

async function guestProperty(machine: string, property: string): Promise<string | undefined> {
  const text = await manage(`ask for ${property} of ${machine}`, "guestproperty", "get", machine, property);
  return /^Value: (.*?)\r?$/m.exec(text)?.[1];
}
