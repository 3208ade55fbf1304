import { mkdir, rm, writeFile } from "node:fs/promises";
import { networkOf } from "../../../packages/container/src/addresses.js";
import { COMPUTER_LOCK, withLock } from "../../../packages/container/src/lock.js";
import { deleteInterface } from "../../../packages/container/src/network.js";
import { rememberSite, siteOf } from "../../../packages/container/src/site.js";
import { formatIpv4, parseIpv4, prefixLengthOf } from "../../../packages/nixos/src/ipv4.js";
import { deviceOf } from "../../../packages/virtualbox/src/disk.js";
import { attachLoop, detachLoop } from "../../clouds/plugin/disk.js";
import {
  makeServer,
  plugIn,
  plugOut,
  removeServer,
  serverRuns,
  startServer,
  stopServer,
} from "../../clouds/plugin/server.js";
import { containerOf } from "../../lab/lab.js";
import { eventually } from "../../lab/probe.js";
import { Refusal, refusal } from "./errors.js";
import { readSeed } from "./seed.js";
import type { HostOnly, Medium, State, Vm } from "./state.js";

/** Machines get their addresses one at a time. */
let queue: Promise<unknown> = Promise.resolve();

/** Has a machine of VirtualBox run: as a local machine, which is made when it starts for the first time. */
export async function powerOn(state: State, vm: Vm): Promise<void> {
  if (vm.machine === undefined) {
    const made = queue.then(() => makeMachine(state, vm));
    queue = made.catch(() => {});
    const machine = await made;
    // It is started by a process of its own, which takes a moment to begin.
    await eventually(async () => {
      if (!serverRuns(machine)) throw new Error(`${machine} does not start`);
    });
    vm.machine = machine;
    for (const medium of volumesOf(state, vm)) await plug(vm, medium);
  } else await startServer(vm.machine);
}

async function makeMachine(state: State, vm: Vm): Promise<string> {
  const attached = [...vm.controllers.values()].flatMap(({ attached }) => [...attached.values()]);
  const system = attached.find(({ type }) => type === "hdd");
  const cd = attached.find(({ type }) => type === "dvddrive");
  if (!system || !cd) throw new Refusal("FATAL: No bootable medium found! System halted.");
  const seed = readSeed(cd.medium);
  const adapter = vm.settings.get("host-only-adapter2") ?? vm.settings.get("host-only-net2");
  const network = state.hostOnly.find(({ name }) => name === adapter);
  const address = seed.addresses.get(vm.macs[1]);
  const image = vm.image ?? state.media.get(system.medium)?.image ?? "";
  const spec = {
    hostname: seed.metaData["local-hostname"],
    distribution: image.includes("nixos") ? ("nixos" as const) : ("debian" as const),
    userData: seed.userData,
    authorizedKeys: [],
    delaySeconds: state.faults.bootSeconds ?? 0,
    metadata: { index: "" },
    addresses: [],
    // Its eth0 here is both of its adapters.
    interfaces: ["eth1"],
  };
  if (network === undefined || address === undefined || address === "dhcp")
    return (await makeServer(spec)).machine;
  const name = networkName(state, network);
  await prepareNetwork(name, network, address.split("/")[0] ?? "");
  return (await makeServer({ ...spec, network: name })).machine;
}

/** The bridge that is a host-only network; the next machine on it gets this address. */
async function prepareNetwork(name: string, { ip, netmask }: HostOnly, address: string): Promise<void> {
  await withLock(COMPUTER_LOCK, async () => {
    const site = siteOf();
    await mkdir(site.directory, { recursive: true, mode: 0o711 });
    await rememberSite(site);
    const subnet = `${ip}/${prefixLengthOf(netmask)}`;
    const last = formatIpv4((parseIpv4(address) ?? 0) - 1);
    await writeFile(networkOf(site, name).file, JSON.stringify({ subnet, last }));
  });
}

export async function removeNetwork(state: State, network: HostOnly): Promise<void> {
  const { bridge, file } = networkOf(siteOf(), networkName(state, network));
  await deleteInterface(bridge);
  await rm(file, { force: true });
}

function networkName(state: State, { name }: HostOnly): string {
  return `${state.directory}/${name}`;
}

/** Presses the button: the machine shuts down by and by. */
export function pressPowerButton(vm: Vm): void {
  if (vm.machine)
    void containerOf(vm.machine)
      .exec(["systemctl", "poweroff"])
      .catch(() => {});
}

export async function pullPlug(vm: Vm): Promise<void> {
  if (vm.machine) await stopServer(vm.machine);
}

/** Whether the local machine runs; one that has shut itself down does not. */
export function runs(vm: Vm): boolean {
  return vm.machine !== undefined && serverRuns(vm.machine);
}

export async function remove(vm: Vm): Promise<void> {
  if (vm.machine) await removeServer(vm.machine);
}

/** A disk appears in a machine that runs. */
export async function plug(vm: Vm, medium: Medium): Promise<void> {
  const loop = await attachLoop(medium.path);
  if (vm.machine && runs(vm)) await plugIn(vm.machine, [deviceOf(medium.uuid) ?? ""], loop);
}

/** A disk is taken out of a machine, running or not. */
export async function unplug(vm: Vm, medium: Medium): Promise<void> {
  if (vm.machine) await plugOut(vm.machine, await attachLoop(medium.path));
  await detachLoop(medium.path);
}

/** The disks of a machine but its first. */
export function volumesOf(state: State, vm: Vm): Medium[] {
  return [...vm.controllers.values()]
    .flatMap(({ attached }) => [...attached.entries()])
    .filter(([port, { type }]) => port > 0 && type === "hdd")
    .map(([, { medium }]) => {
      const found = state.media.get(medium);
      if (!found)
        throw refusal(`Could not open the medium '${medium}'.`, "VBOX_E_FILE_ERROR", "MediumWrap", "Open()");
      return found;
    });
}

/** Addresses of a machine whose guest has the Guest Additions, by MAC address. */
export function guestAddresses(vm: Vm): ReadonlyMap<string, string> {
  const isNixos = vm.image?.includes("nixos") ?? false;
  if (!isNixos || !vm.machine || !runs(vm)) return new Map();
  return new Map([
    [vm.macs[0], "10.0.2.15"],
    [vm.macs[1], containerOf(vm.machine).address],
  ]);
}
