import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { Cloud, Stored } from "../plugin/cloud.js";
import { attachLoop, detachLoop } from "../plugin/disk.js";
import type { Kind } from "../plugin/kind.js";
import type { Properties, Refusal } from "../plugin/schema.js";
import {
  makeServer,
  plugIn,
  plugOut,
  removeServer,
  serverRuns,
  startServer,
  stopServer,
} from "../plugin/server.js";
import { IMAGES, SIZES, type Size } from "./catalog.js";
import { deviceOf, diskOf } from "./disks.js";
import { changed, common, idOf, referred, requirePlace } from "./ids.js";
import { refuse } from "./refuse.js";
import { nameRefusals, tagRefusals } from "./rules.js";

const TYPE = "Microsoft.Compute/virtualMachines";

/** learn.microsoft.com/azure/virtual-machines/custom-data: 64 KB, in base64 as well. */
const CUSTOM_DATA_LIMIT = 65_535;

/** Names that an administrator may not have (learn.microsoft.com/azure/virtual-machines/linux/faq). */
const FORBIDDEN = ["admin", "administrator", "console", "guest", "root", "server", "sys", "test", "user"];

export const virtualMachine: Kind = {
  check: (inputs) => [
    ...nameRefusals("vmName", 64)(inputs),
    ...tagRefusals(inputs),
    ...profileRefusals((inputs.osProfile ?? {}) as Properties),
  ],

  replaces: (olds, news) => changed(["vmName", "resourceGroupName", "location"], olds, news),

  async create(cloud, inputs) {
    requirePlace(cloud, inputs);
    const profile = inputs.osProfile as Properties;
    const size = sizeOf(inputs);
    requireImage(inputs, size);
    const disks = disksOf(inputs);
    requireDisks(cloud, inputs, size);
    const { nic, publicAddress } = nicOf(cloud, inputs);
    const { faults } = cloud;
    const userData = Buffer.from(String(profile.customData ?? ""), "base64").toString();
    const { machine, address } = await makeServer({
      hostname: String(profile.computerName),
      userData,
      // The administrator's keys do not open root's account.
      authorizedKeys: [],
      delaySeconds: faults.bootSeconds ?? 0,
      // learn.microsoft.com/azure/virtual-machines/instance-metadata-service
      metadata: { "metadata/instance/compute/customData": String(profile.customData ?? "") },
      // IPv6 leads nowhere here.
      addresses: (nic.outputs.ipConfigurations as Properties[])
        .filter(({ privateIPAddressVersion }) => privateIPAddressVersion !== "IPv6")
        .map(({ privateIPAddress }) => `${privateIPAddress}/16`),
      ...(publicAddress === undefined ? {} : { publicAddress }),
    });
    for (const { lun, id } of disks)
      await plugIn(machine, [deviceOf(lun)], await attachLoop(diskOf(cloud, id)));
    await sleep((faults.addressSeconds ?? 0) * 1000);
    return {
      id: idOf(inputs, TYPE, inputs.vmName),
      hidden: { machine, address },
      outputs: {
        ...common(TYPE, inputs.vmName),
        instanceView: {},
        managedBy: "",
        resources: [],
        systemData: {},
        timeCreated: new Date().toISOString(),
        vmId: randomUUID(),
      },
    };
  },

  read: (_cloud, { hidden }) => ({
    instanceView: {
      statuses: [{ code: serverRuns(hidden.machine ?? "") ? "PowerState/running" : "PowerState/stopped" }],
    },
  }),

  async update(cloud, old, news) {
    refuseChanges(old.inputs, news);
    const size = sizeOf(news);
    requireDisks(cloud, news, size, old.id);
    const { machine = "" } = old.hidden;
    if (!isDeepStrictEqual(old.inputs.hardwareProfile, news.hardwareProfile)) {
      const refused = cloud.faults.refuseResize;
      if (refused) throw refuse(409, "AllocationFailed", refused);
      if (size.architecture !== sizeOf(old.inputs).architecture)
        throw refuse(400, "BadRequest", "The VM size's architecture is not that of the OS disk.");
      await stopServer(machine);
      await startServer(machine);
    }
    const [before, after] = [disksOf(old.inputs), disksOf(news)];
    const isIn = (all: readonly DataDisk[], disk: DataDisk) =>
      all.some((each) => isDeepStrictEqual(each, disk));
    for (const disk of before.filter((each) => !isIn(after, each))) {
      await plugOut(machine, await attachLoop(diskOf(cloud, disk.id)));
      await detachLoop(diskOf(cloud, disk.id));
    }
    for (const disk of after.filter((each) => !isIn(before, each)))
      await plugIn(machine, [deviceOf(disk.lun)], await attachLoop(diskOf(cloud, disk.id)));
    return {};
  },

  async delete(cloud, { inputs, hidden }) {
    if (hidden.machine) await removeServer(hidden.machine);
    for (const { id } of disksOf(inputs)) await detachLoop(diskOf(cloud, id));
  },
};

/** What Azure refuses of a profile (learn.microsoft.com/rest/api/compute/virtual-machines/create-or-update, "OSProfile"). */
function profileRefusals(profile: Properties): Refusal[] {
  const linux = (profile.linuxConfiguration ?? {}) as Properties;
  const keys = ((linux.ssh as Properties | undefined)?.publicKeys ?? []) as Properties[];
  const wants = (condition: boolean, reason: string) =>
    condition ? [] : [{ property: "osProfile", reason }];
  const user = String(profile.adminUsername);
  return [
    ...wants(!FORBIDDEN.includes(user), `InvalidParameter: The Admin Username '${user}' is not allowed.`),
    ...wants(
      profile.adminPassword !== undefined || keys.length > 0,
      "InvalidParameter: Authentication using either SSH or by user name and password must be enabled.",
    ),
    ...wants(
      keys.every(({ path }) => path === `/home/${user}/.ssh/authorized_keys`),
      "InvalidParameter: Destination path for SSH public keys is limited to its default value.",
    ),
    ...wants(
      String(profile.customData ?? "").length <= CUSTOM_DATA_LIMIT,
      "InvalidParameter: Custom data must be base64 of at most 65535 characters.",
    ),
  ];
}

function refuseChanges(olds: Properties, news: Properties): void {
  const storage = (inputs: Properties) => (inputs.storageProfile as Properties).imageReference;
  const fixed = [
    ["osProfile", olds.osProfile, news.osProfile],
    ["imageReference", storage(olds), storage(news)],
    ["priority", olds.priority, news.priority],
    ["zones", olds.zones, news.zones],
  ] as const;
  for (const [name, before, after] of fixed)
    if (!isDeepStrictEqual(before, after))
      throw refuse(409, "PropertyChangeNotAllowed", `Changing property '${name}' is not allowed.`);
}

function sizeOf({ hardwareProfile }: Properties): Size {
  const { vmSize } = (hardwareProfile ?? {}) as Properties;
  const size = SIZES[String(vmSize)];
  if (!size)
    throw refuse(400, "InvalidParameter", `The value ${vmSize} provided for the VM size is not valid.`);
  return size;
}

function requireImage({ storageProfile }: Properties, size: Size): void {
  const { id, publisher, offer, sku } = (storageProfile as Properties).imageReference as Properties;
  if (id !== undefined) return;
  const architecture = IMAGES[`${publisher}:${offer}:${sku}`];
  if (!architecture)
    throw refuse(
      404,
      "PlatformImageNotFound",
      `The platform image '${publisher}:${offer}:${sku}' is not available.`,
    );
  if (architecture !== size.architecture)
    throw refuse(
      400,
      "BadRequest",
      `Cannot create a VM of architecture '${size.architecture}' from an image of '${architecture}'.`,
    );
}

interface DataDisk {
  readonly lun: number;
  readonly id: string;
}

function disksOf({ storageProfile }: Properties): DataDisk[] {
  return (((storageProfile as Properties).dataDisks ?? []) as Properties[]).map(({ lun, managedDisk }) => ({
    lun: Number(lun),
    id: String((managedDisk as Properties).id),
  }));
}

/** @param own id of the machine that has some of them already */
function requireDisks(cloud: Cloud, inputs: Properties, size: Size, own?: string): void {
  const disks = disksOf(inputs);
  if (disks.length > size.maxDataDisks)
    throw refuse(
      409,
      "OperationNotAllowed",
      `The maximum number of data disks allowed is ${size.maxDataDisks}.`,
    );
  if (new Set(disks.map(({ lun }) => lun)).size < disks.length)
    throw refuse(409, "InvalidParameter", "Two data disks have the same LUN.");
  for (const { id } of disks) {
    referred(cloud, "Disk", { id }, inputs.location);
    const user = cloud
      .list("VirtualMachine")
      .find((vm) => vm.id !== own && disksOf(vm.inputs).some((disk) => disk.id === id));
    if (user) throw refuse(409, "AttachDiskWhileBeingDetached", `Disk ${id} is attached to ${user.id}.`);
  }
}

/** The machine's network interface, and the address that leads to it. */
function nicOf(cloud: Cloud, inputs: Properties): { nic: Stored; publicAddress: string | undefined } {
  const [first] = ((inputs.networkProfile as Properties).networkInterfaces ?? []) as Properties[];
  const nic = referred(cloud, "NetworkInterface", first, inputs.location);
  const user = cloud
    .list("VirtualMachine")
    .find((vm) => JSON.stringify(vm.inputs.networkProfile).includes(`"${nic.id}"`));
  if (user)
    throw refuse(400, "NicInUse", `Network Interface ${nic.id} is used by existing resource ${user.id}.`);
  const [configuration] = nic.inputs.ipConfigurations as Properties[];
  const publicIp = cloud.get(
    "PublicIPAddress",
    (configuration?.publicIPAddress as Properties | undefined)?.id,
  );
  return { nic, publicAddress: publicIp && String(publicIp.outputs.ipAddress) };
}
