import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { Cloud } from "../plugin/cloud.js";
import { detachLoop } from "../plugin/disk.js";
import type { Kind } from "../plugin/kind.js";
import type { Properties } from "../plugin/schema.js";
import { makeServer, removeServer, serverRuns, startServer, stopServer } from "../plugin/server.js";
import { IMAGES, MACHINE_TYPES, seriesOf, ZONES } from "./catalog.js";
import { diskOf } from "./disks.js";
import { common, idOf, leadsTo, linked } from "./links.js";
import { changed, natIpsOf, requireAddress } from "./networks.js";
import { refuse } from "./refuse.js";
import { labelRefusals, nameRefusals, tagRefusals } from "./rules.js";

/** cloud.google.com/compute/docs/metadata/setting-custom-metadata: a value has 256 KB at most. */
const METADATA_LIMIT = 256 * 1024;

/** An instance, as terraform-provider-google's resource_compute_instance makes and changes it. */
export const instance: Kind = {
  unique: "name",
  check(inputs) {
    const scheduling = (inputs.scheduling ?? {}) as Properties;
    return [
      ...nameRefusals(inputs),
      ...labelRefusals(inputs),
      ...tagRefusals(inputs.tags, "tags"),
      ...(scheduling.preemptible === true && scheduling.automaticRestart !== false
        ? [{ property: "scheduling", reason: "preemptible instances cannot restart automatically" }]
        : []),
    ];
  },

  // ForceNew, as far as tests change it.
  replaces: (olds, news) => [
    ...changed(["name", "project", "zone", "hostname", "description"], olds, news),
    ...(isDeepStrictEqual(olds.bootDisk, news.bootDisk) ? [] : ["bootDisk"]),
    ...(isDeepStrictEqual(networksOf(olds), networksOf(news)) ? [] : ["networkInterfaces"]),
  ],

  async create(cloud, inputs, number) {
    const id = idOf(inputs, "zones", "instances");
    const zone = String(inputs.zone);
    const region = zone.replace(/-[a-z]$/, "");
    requireType(inputs.machineType, zone);
    requireImage(inputs);
    const metadata = (inputs.metadata ?? {}) as Record<string, string>;
    for (const [key, value] of Object.entries(metadata))
      if (Buffer.byteLength(value) > METADATA_LIMIT)
        throw refuse("creating instance", 400, `Value for metadata key '${key}' is too large, invalid`);
    const networkInterfaces = ((inputs.networkInterfaces ?? []) as Properties[]).map((nic, index) =>
      attach(cloud, nic, region, `nic${index}`),
    );

    const { faults } = cloud;
    const userData = metadata["user-data"] ?? "";
    const [publicAddress] = natIpsOf(inputs);
    const { machine } = await makeServer({
      hostname: String(inputs.name),
      userData,
      // Ubuntu's image gives no key of the account to root.
      authorizedKeys: [],
      delaySeconds: faults.bootSeconds ?? 0,
      // cloud.google.com/compute/docs/metadata/querying-metadata
      metadata: Object.fromEntries(
        Object.entries(metadata).map(([key, value]) => [
          `computeMetadata/v1/instance/attributes/${key}`,
          value,
        ]),
      ),
      // The network's routers lead from subnetwork to subnetwork.
      addresses: networkInterfaces.map(({ networkIp }) => `${networkIp}/8`),
      ...(publicAddress === undefined ? {} : { publicAddress: String(publicAddress) }),
    });
    await sleep((faults.addressSeconds ?? 0) * 1000);
    return {
      id,
      hidden: { machine },
      outputs: {
        ...common(inputs, id),
        confidentialInstanceConfig: {},
        cpuPlatform: "Intel Broadwell",
        currentStatus: "RUNNING",
        guestAccelerators: [],
        instanceId: number,
        metadataFingerprint: "x",
        minCpuPlatform: "",
        networkInterfaces,
        reservationAffinity: {},
        scheduling: inputs.scheduling ?? { automaticRestart: true, preemptible: false },
        shieldedInstanceConfig: {},
        tagsFingerprint: "x",
        zone,
      },
    };
  },

  read: (_cloud, { hidden }) => ({
    currentStatus: serverRuns(hidden.machine ?? "") ? "RUNNING" : "TERMINATED",
  }),

  async update(cloud, old, news) {
    const { networkInterfaces, scheduling } = old.outputs;
    const unchanged = { outputs: { networkInterfaces, scheduling: news.scheduling ?? scheduling } };
    if (old.inputs.machineType === news.machineType) return unchanged;
    if (news.allowStoppingForUpdate !== true)
      throw new Error(
        "Changing the machine_type on a started instance requires stopping it. To acknowledge this, please set allow_stopping_for_update = true in your config.",
      );
    requireType(news.machineType, String(news.zone));
    if (MACHINE_TYPES[String(old.inputs.machineType)] !== MACHINE_TYPES[String(news.machineType)])
      throw refuse(
        "updating instance",
        400,
        "The machine type's architecture is not that of the boot disk, badRequest",
      );
    const { machine = "" } = old.hidden;
    await stopServer(machine);
    const refused = cloud.faults.refuseResize;
    // It is refused while the instance is stopped, and started again all the same.
    await startServer(machine);
    if (refused) throw refuse("updating instance", 503, `${refused}, ZONE_RESOURCE_POOL_EXHAUSTED`);
    return unchanged;
  },

  async delete(cloud, stored) {
    if (stored.inputs.deletionProtection === true)
      throw new Error(
        `Cannot delete instance ${stored.inputs.name}: instance Deletion Protection is enabled.`,
      );
    if (stored.hidden.machine) await removeServer(stored.hidden.machine);
    // Its disks are detached when it goes.
    for (const attached of cloud
      .list("AttachedDisk")
      .filter(({ inputs }) => leadsTo(inputs.instance, stored))) {
      await detachLoop(diskOf(cloud, linked(cloud, "Disk", attached.inputs.disk).id));
      cloud.remove("AttachedDisk", attached.id);
    }
  },
};

function networksOf({ networkInterfaces }: Properties): unknown {
  // A preview may not know them.
  if (!Array.isArray(networkInterfaces)) return networkInterfaces;
  return (networkInterfaces as Properties[]).map(({ network, subnetwork }) => [network, subnetwork]);
}

function requireType(machineType: unknown, zone: string): void {
  const series = ZONES[zone];
  if (!series)
    throw refuse(
      "creating instance",
      400,
      `Invalid value for field 'zone': '${zone}'. Unknown zone., invalid`,
    );
  const type = String(machineType);
  if (!(type in MACHINE_TYPES) || !series.includes(seriesOf(type)))
    throw refuse(
      "creating instance",
      400,
      `Invalid value for field 'resource.machineType': 'zones/${zone}/machineTypes/${type}'. Machine type with name '${type}' does not exist in zone '${zone}'., invalid`,
    );
}

function requireImage({ bootDisk, machineType }: Properties): void {
  const { image, size } = ((bootDisk as Properties).initializeParams ?? {}) as Properties;
  const architecture = IMAGES[String(image)];
  const isOwn = /(^|\/)images\/(family\/)?[^/]+$/.test(String(image));
  if (!architecture && !isOwn)
    throw new Error(`Error resolving image name '${image}': Could not find image or family ${image}`);
  if (architecture && architecture !== MACHINE_TYPES[String(machineType)])
    throw refuse(
      "creating instance",
      400,
      `The image's architecture ${architecture} is not that of the machine type, badRequest`,
    );
  if (Number(size ?? 10) < 10)
    throw refuse(
      "creating instance",
      400,
      `Requested disk size cannot be smaller than the image size (10 GB), invalid`,
    );
}

/** Addresses of instances that are being made. */
const promised = new Set<string>();

/** Takes an internal address in a subnetwork of the region, and the external ones that are asked for. */
function attach(cloud: Cloud, nic: Properties, region: string, name: string) {
  const subnetwork = linked(cloud, "Subnetwork", nic.subnetwork);
  if (subnetwork.inputs.region !== region)
    throw refuse(
      "creating instance",
      400,
      `The subnetwork is in region '${subnetwork.inputs.region}', and the instance in '${region}', invalid`,
    );
  if (nic.stackType === "IPV4_IPV6" && subnetwork.inputs.stackType !== "IPV4_IPV6")
    throw refuse("creating instance", 400, "The subnetwork does not support IPv6, invalid");
  for (const { natIp } of (nic.accessConfigs ?? []) as Properties[]) requireAddress(cloud, natIp, region);
  const prefix = String(subnetwork.inputs.ipCidrRange).replace(/\.\d+\/\d+$/, "");
  const taken = cloud
    .list("Instance")
    .flatMap(({ outputs }) => (outputs.networkInterfaces ?? []) as Properties[])
    .map(({ networkIp }) => networkIp);
  // The first address is the gateway's.
  let next = 2;
  while (taken.includes(`${prefix}.${next}`) || promised.has(`${prefix}.${next}`)) next += 1;
  promised.add(`${prefix}.${next}`);
  return {
    ...nic,
    accessConfigs: nic.accessConfigs ?? [],
    name,
    networkIp: `${prefix}.${next}`,
    ipv6AccessConfigs: ((nic.ipv6AccessConfigs ?? []) as Properties[]).map((each) => ({
      ...each,
      externalIpv6: `2001:db8:64::${next}`,
      externalIpv6PrefixLength: "96",
    })),
  };
}
