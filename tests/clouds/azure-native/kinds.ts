import { removeDisk, resizeDisk } from "../plugin/disk.js";
import type { Kind } from "../plugin/kind.js";
import type { Properties } from "../plugin/schema.js";
import { LOCATIONS } from "./catalog.js";
import { diskOf } from "./disks.js";
import { changed, common, groupId, idOf, requirePlace } from "./ids.js";
import { networkInterface, networkSecurityGroup, publicIPAddress, virtualNetwork } from "./networks.js";
import { refuse } from "./refuse.js";
import { nameRefusals, tagRefusals } from "./rules.js";
import { virtualMachine } from "./virtual-machine.js";

const resourceGroup: Kind = {
  unique: "resourceGroupName",
  check: (inputs) => [...nameRefusals("resourceGroupName", 90)(inputs), ...tagRefusals(inputs)],
  replaces: (olds, news) => changed(["resourceGroupName", "location"], olds, news),
  create(_cloud, inputs) {
    if (!LOCATIONS.includes(String(inputs.location)))
      throw refuse(
        400,
        "LocationNotAvailableForResourceGroup",
        `The provided location '${inputs.location}' is not available for resource group.`,
      );
    return {
      id: groupId(inputs.resourceGroupName),
      outputs: { ...common("Microsoft.Resources/resourceGroups", inputs.resourceGroupName), properties: {} },
    };
  },
};

const disk: Kind = {
  check: (inputs) => [
    ...nameRefusals("diskName", 80)(inputs),
    ...tagRefusals(inputs),
    ...(inputs.diskSizeGB !== undefined && Number(inputs.diskSizeGB) < 1
      ? [{ property: "diskSizeGB", reason: "InvalidParameter: must be at least 1" }]
      : []),
  ],
  replaces: (olds, news) => changed(["diskName", "resourceGroupName", "location"], olds, news),
  async create(cloud, inputs) {
    requirePlace(cloud, inputs);
    const id = idOf(inputs, "Microsoft.Compute/disks", inputs.diskName);
    await resizeDisk(diskOf(cloud, id), Number(inputs.diskSizeGB));
    return {
      id,
      outputs: {
        ...common("Microsoft.Compute/disks", inputs.diskName),
        burstingEnabledTime: "",
        diskSizeBytes: Number(inputs.diskSizeGB) * 2 ** 30,
        diskState: "Unattached",
        lastOwnershipUpdateTime: "",
        managedBy: "",
        managedByExtended: [],
        propertyUpdatesInProgress: {},
        shareInfo: [],
        systemData: {},
        timeCreated: new Date().toISOString(),
        uniqueId: id,
      },
    };
  },
  async update(cloud, old, news) {
    if (Number(news.diskSizeGB) < Number(old.inputs.diskSizeGB))
      throw refuse(400, "BadRequest", "The new size of a disk cannot be smaller than its size.");
    await resizeDisk(diskOf(cloud, old.id), Number(news.diskSizeGB));
    return {};
  },
  async delete(cloud, { id }) {
    const user = cloud
      .list("VirtualMachine")
      .find(({ inputs }) => JSON.stringify(inputs.storageProfile).includes(`"${id}"`));
    if (user) throw refuse(409, "OperationNotAllowed", `Disk ${id} is attached to VM ${user.id}.`);
    await removeDisk(diskOf(cloud, id));
  },
};

const recordSet: Kind = {
  replaces: (olds, news) =>
    changed(["relativeRecordSetName", "recordType", "zoneName", "resourceGroupName"], olds, news),
  create(_cloud, inputs) {
    const type = `Microsoft.Network/dnszones/${inputs.recordType}`;
    const name = inputs.relativeRecordSetName;
    return {
      id: idOf(inputs, `Microsoft.Network/dnsZones/${inputs.zoneName}/${inputs.recordType}`, name),
      outputs: { ...common(type, name), fqdn: `${name}.${inputs.zoneName}.`, systemData: {} } as Properties,
    };
  },
};

const KINDS = {
  "azure-native:compute:Disk": disk,
  "azure-native:compute:VirtualMachine": virtualMachine,
  "azure-native:dns:RecordSet": recordSet,
  "azure-native:network:NetworkInterface": networkInterface,
  "azure-native:network:NetworkSecurityGroup": networkSecurityGroup,
  "azure-native:network:PublicIPAddress": publicIPAddress,
  "azure-native:network:VirtualNetwork": virtualNetwork,
  "azure-native:resources:ResourceGroup": resourceGroup,
};

/** Pulumi's types that the stand-in has. */
export const TOKENS = Object.keys(KINDS);

/** Every kind that a test can make; others are refused by name. */
export const kinds: Readonly<Record<string, Kind>> = Object.fromEntries(
  Object.entries(KINDS).map(([token, kind]) => [token.slice(token.lastIndexOf(":") + 1), kind]),
);
