import type { Cloud, Stored } from "../plugin/cloud.js";
import type { Kind } from "../plugin/kind.js";
import type { Properties } from "../plugin/schema.js";
import { reserveAddress } from "../plugin/server.js";
import { common, idOf, leadsTo, linked } from "./links.js";
import { refuse } from "./refuse.js";
import { labelRefusals, nameRefusals, ruleRefusals } from "./rules.js";

export const network: Kind = {
  unique: "name",
  check: (inputs) => [
    ...nameRefusals(inputs),
    // cloud.google.com/vpc/docs/mtu
    ...(Number(inputs.mtu ?? 1460) < 1300 || Number(inputs.mtu ?? 1460) > 8896
      ? [{ property: "mtu", reason: "must be between 1300 and 8896" }]
      : []),
  ],
  replaces: (olds, news) => changed(["name", "project", "autoCreateSubnetworks", "description"], olds, news),
  create(_cloud, inputs, number) {
    const id = idOf(inputs, "global", "networks");
    return {
      id,
      outputs: {
        ...common(inputs, id),
        bgpAlwaysCompareMed: false,
        bgpBestPathSelectionMode: "LEGACY",
        bgpInterRegionCost: "",
        gatewayIpv4: "",
        internalIpv6Range: "",
        mtu: inputs.mtu ?? 1460,
        networkId: number,
        networkProfile: "",
        numericId: number,
        routingMode: "REGIONAL",
      },
    };
  },
  delete(cloud, stored) {
    const kinds = ["Subnetwork", "Firewall", "Instance"];
    const user = kinds
      .flatMap((kind) => cloud.list(kind))
      .find((each) => networksOf(each).some((link) => leadsTo(link, stored)));
    if (user)
      throw refuse(
        "waiting for Deleting Network",
        400,
        `The network resource '${stored.id}' is already being used by '${user.id}', resourceInUseByAnotherResource`,
      );
  },
};

function networksOf({ inputs }: Stored): unknown[] {
  return [inputs.network, ...((inputs.networkInterfaces ?? []) as Properties[]).map((each) => each.network)];
}

export const subnetwork: Kind = {
  unique: "name",
  check: nameRefusals,
  replaces: (olds, news) => changed(["name", "project", "region", "network", "description"], olds, news),
  create(cloud, inputs, number) {
    const id = idOf(inputs, "regions", "subnetworks");
    linked(cloud, "Network", inputs.network);
    const range = String(inputs.ipCidrRange);
    const other = cloud
      .list("Subnetwork")
      .find((each) => each.inputs.network === inputs.network && each.inputs.ipCidrRange === range);
    if (other)
      throw refuse(
        "creating Subnetwork",
        400,
        `Invalid IPCidrRange: ${range} conflicts with existing subnetwork '${other.inputs.name}', badRequest`,
      );
    return {
      id,
      outputs: {
        ...common(inputs, id),
        externalIpv6Prefix: "2001:db8:64:0:0:0:0:0/64",
        fingerprint: "x",
        gatewayAddress: range.replace(/\.0\/\d+$/, ".1"),
        internalIpv6Prefix: "",
        allowSubnetCidrRoutesOverlap: false,
        ipCidrRange: range,
        ipv6CidrRange: "2001:db8:64:0:0:0:0:0/64",
        ipv6GceEndpoint: "",
        privateIpGoogleAccess: false,
        privateIpv6GoogleAccess: "DISABLE_GOOGLE_ACCESS",
        purpose: "PRIVATE",
        region: inputs.region,
        secondaryIpRanges: [],
        stackType: inputs.stackType ?? "IPV4_ONLY",
        state: "",
        subnetworkId: Number(number),
      },
    };
  },
};

export const firewall: Kind = {
  unique: "name",
  check: (inputs) => [...nameRefusals(inputs), ...ruleRefusals(inputs)],
  replaces: (olds, news) => changed(["name", "project", "network", "direction"], olds, news),
  create(cloud, inputs) {
    if ((inputs.sourceRanges ?? inputs.sourceTags) === undefined)
      throw refuse("creating Firewall", 400, "one of sourceRanges or sourceTags must be set, required");
    const id = idOf(inputs, "global", "firewalls");
    linked(cloud, "Network", inputs.network);
    return {
      id,
      outputs: {
        ...common(inputs, id),
        destinationRanges: [],
        direction: "INGRESS",
        enableLogging: false,
        priority: inputs.priority ?? 1000,
      },
    };
  },
};

export const address: Kind = {
  unique: "name",
  check: (inputs) => [...nameRefusals(inputs), ...labelRefusals(inputs)],
  replaces: (olds, news) => changed(["name", "project", "region", "addressType"], olds, news),
  async create(_cloud, inputs, number) {
    const id = idOf(inputs, "regions", "addresses");
    return {
      id,
      outputs: {
        ...common(inputs, id),
        address: await reserveAddress(),
        addressId: Number(number),
        addressType: "EXTERNAL",
        networkTier: "PREMIUM",
        prefixLength: 0,
        purpose: "",
        region: inputs.region,
        subnetwork: "",
        users: [],
      },
    };
  },
  delete(cloud, { id, outputs }) {
    const user = cloud.list("Instance").find(({ inputs }) => natIpsOf(inputs).includes(outputs.address));
    if (user)
      throw refuse(
        "waiting for Deleting Address",
        400,
        `The address resource '${id}' is already being used by '${user.id}', resourceInUseByAnotherResource`,
      );
  },
};

/** External addresses that an instance's inputs ask for. */
export function natIpsOf(inputs: Properties): unknown[] {
  return ((inputs.networkInterfaces ?? []) as Properties[])
    .flatMap((nic) => (nic.accessConfigs ?? []) as Properties[])
    .flatMap(({ natIp }) => (natIp === undefined ? [] : [natIp]));
}

export function changed(names: readonly string[], olds: Properties, news: Properties): string[] {
  return names.filter((name) => olds[name] !== news[name]);
}

/** Refuses an external address that is not the region's, or another instance's. */
export function requireAddress(cloud: Cloud, natIp: unknown, region: string): void {
  const found = cloud.list("Address").find(({ outputs }) => outputs.address === natIp);
  if (found?.inputs.region !== region)
    throw refuse(
      "creating instance",
      400,
      `Invalid value for field 'natIP': '${natIp}'. The specified external IP address '${natIp}' was not found in region '${region}', invalid`,
    );
  if (cloud.list("Instance").some(({ inputs }) => natIpsOf(inputs).includes(natIp)))
    throw refuse(
      "creating instance",
      400,
      `External IP address: ${natIp} is already in-use, invalidResourceUsage`,
    );
}
