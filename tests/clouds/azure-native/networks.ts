import type { Cloud, Stored } from "../plugin/cloud.js";
import type { Kind } from "../plugin/kind.js";
import type { Properties } from "../plugin/schema.js";
import { reserveAddress } from "../plugin/server.js";
import { changed, common, idOf, referred, requirePlace } from "./ids.js";
import { refuse } from "./refuse.js";
import { nameRefusals, ruleRefusals, tagRefusals } from "./rules.js";

const NETWORK = "Microsoft.Network";

export const virtualNetwork: Kind = {
  check: (inputs) => [...nameRefusals("virtualNetworkName", 64)(inputs), ...tagRefusals(inputs)],
  replaces: (olds, news) => changed(["virtualNetworkName", "resourceGroupName", "location"], olds, news),
  create(cloud, inputs) {
    requirePlace(cloud, inputs);
    const id = idOf(inputs, `${NETWORK}/virtualNetworks`, inputs.virtualNetworkName);
    return {
      id,
      outputs: {
        ...common(`${NETWORK}/virtualNetworks`, inputs.virtualNetworkName),
        defaultPublicNatGateway: {},
        flowLogs: [],
        resourceGuid: id,
        subnets: ((inputs.subnets ?? []) as Properties[]).map((subnet) => ({
          ...subnet,
          id: `${id}/subnets/${subnet.name}`,
        })),
      },
    };
  },
  delete(cloud, { id }) {
    const user = cloud
      .list("NetworkInterface")
      .find((each) => subnetsOf(each).some((subnet) => subnet.startsWith(id)));
    if (user) throw refuse(400, "InUseSubnetCannotBeDeleted", `A subnet of ${id} is in use by ${user.id}.`);
  },
};

function configurationsOf({ inputs }: Stored): Properties[] {
  return (inputs.ipConfigurations ?? []) as Properties[];
}

function subnetsOf(nic: Stored): string[] {
  return configurationsOf(nic).map(({ subnet }) => String((subnet as Properties).id));
}

export const networkSecurityGroup: Kind = {
  check: (inputs) => [
    ...nameRefusals("networkSecurityGroupName", 80)(inputs),
    ...tagRefusals(inputs),
    ...ruleRefusals(inputs),
  ],
  replaces: (olds, news) =>
    changed(["networkSecurityGroupName", "resourceGroupName", "location"], olds, news),
  create(cloud, inputs) {
    requirePlace(cloud, inputs);
    for (const rule of (inputs.securityRules ?? []) as Properties[])
      if ((rule.sourceAddressPrefix ?? rule.sourceAddressPrefixes) === undefined)
        throw refuse(400, "SecurityRuleParameterValueNotSpecified", `${rule.name} names no source.`);
    const id = idOf(inputs, `${NETWORK}/networkSecurityGroups`, inputs.networkSecurityGroupName);
    return {
      id,
      outputs: {
        ...common(`${NETWORK}/networkSecurityGroups`, inputs.networkSecurityGroupName),
        defaultSecurityRules: [],
        flowLogs: [],
        networkInterfaces: [],
        resourceGuid: id,
        subnets: [],
      },
    };
  },
  delete(cloud, { id }) {
    const user = cloud
      .list("NetworkInterface")
      .find(({ inputs }) => (inputs.networkSecurityGroup as Properties | undefined)?.id === id);
    if (user) throw refuse(400, "InUseNetworkSecurityGroupCannotBeDeleted", `${id} is in use by ${user.id}.`);
  },
};

export const publicIPAddress: Kind = {
  check: (inputs) => [
    ...nameRefusals("publicIpAddressName", 80)(inputs),
    ...tagRefusals(inputs),
    ...((inputs.sku as Properties | undefined)?.name === "Standard" &&
    inputs.publicIPAllocationMethod !== "Static"
      ? [{ property: "publicIPAllocationMethod", reason: "StandardSkuPublicIPAddressesMustBeStatic" }]
      : []),
  ],
  replaces: (olds, news) => changed(["publicIpAddressName", "resourceGroupName", "location"], olds, news),
  async create(cloud, inputs, number) {
    requirePlace(cloud, inputs);
    const id = idOf(inputs, `${NETWORK}/publicIPAddresses`, inputs.publicIpAddressName);
    return {
      id,
      outputs: {
        ...common(`${NETWORK}/publicIPAddresses`, inputs.publicIpAddressName),
        ipAddress:
          inputs.publicIPAddressVersion === "IPv6" ? `2001:db8:a2::${number}` : await reserveAddress(),
        ipConfiguration: {},
        resourceGuid: id,
      },
    };
  },
  // Its address stays the same.
  update: (_cloud, { outputs }) => ({ outputs: { ipAddress: outputs.ipAddress } }),
  delete(cloud, { id }) {
    const user = cloud.list("NetworkInterface").find((nic) => publicIpsOf(nic).includes(id));
    if (user) throw refuse(400, "PublicIPAddressCannotBeDeleted", `${id} is in use by ${user.id}.`);
  },
};

function publicIpsOf(nic: Stored): unknown[] {
  return configurationsOf(nic).map(({ publicIPAddress }) => (publicIPAddress as Properties | undefined)?.id);
}

export const networkInterface: Kind = {
  check: (inputs) => [...nameRefusals("networkInterfaceName", 80)(inputs), ...tagRefusals(inputs)],
  replaces: (olds, news) => changed(["networkInterfaceName", "resourceGroupName", "location"], olds, news),
  create(cloud, inputs) {
    requirePlace(cloud, inputs);
    const { location } = inputs;
    if (inputs.networkSecurityGroup !== undefined)
      referred(cloud, "NetworkSecurityGroup", inputs.networkSecurityGroup, location);
    const ipConfigurations = ((inputs.ipConfigurations ?? []) as Properties[]).map((configuration) => {
      if (configuration.publicIPAddress !== undefined)
        referred(cloud, "PublicIPAddress", configuration.publicIPAddress, location);
      return {
        ...configuration,
        privateIPAddress: takeAddress(cloud, configuration, location),
      };
    });
    const id = idOf(inputs, `${NETWORK}/networkInterfaces`, inputs.networkInterfaceName);
    return {
      id,
      outputs: {
        ...common(`${NETWORK}/networkInterfaces`, inputs.networkInterfaceName),
        defaultOutboundConnectivityEnabled: false,
        dscpConfiguration: {},
        hostedWorkloads: [],
        ipConfigurations,
        macAddress: "00-0D-3A-00-00-01",
        primary: true,
        privateEndpoint: {},
        resourceGuid: id,
        tapConfigurations: [],
        virtualMachine: {},
        vnetEncryptionSupported: false,
      },
    };
  },
  update: (_cloud, { outputs }) => ({ outputs: { ipConfigurations: outputs.ipConfigurations } }),
  delete(cloud, { id }) {
    const user = cloud
      .list("VirtualMachine")
      .find(({ inputs }) => JSON.stringify(inputs.networkProfile ?? "").includes(`"${id}"`));
    if (user)
      throw refuse(400, "NicInUse", `Network Interface ${id} is used by existing resource ${user.id}.`);
  },
};

/** Addresses that this process has given away. */
const promised = new Set<string>();

function takeAddress(cloud: Cloud, configuration: Properties, location: unknown): string {
  const { id } = configuration.subnet as Properties;
  const isIpv6 = configuration.privateIPAddressVersion === "IPv6";
  const [network, name] = String(id).split("/subnets/");
  const found = referred(cloud, "VirtualNetwork", { id: network }, location);
  const own = ((found.inputs.subnets ?? []) as Properties[]).find((each) => each.name === name);
  if (!own)
    throw refuse(404, "InvalidResourceReference", `Resource ${id} referenced by the request was not found.`);
  const ranges = [own.addressPrefix, ...((own.addressPrefixes ?? []) as string[])]
    .filter(Boolean)
    .map(String);
  const range = ranges.find((each) => each.includes(":") === isIpv6);
  if (!range) throw refuse(400, "SubnetHasNoIpv6", `Subnet ${id} has no addresses of that version.`);
  const prefix = isIpv6 ? range.replace(/:\/\d+$/, "") : range.replace(/\.\d+\/\d+$/, "");
  const address = (host: number) => (isIpv6 ? `${prefix}:${host}` : `${prefix}.${host}`);
  const taken = cloud
    .list("NetworkInterface")
    .filter((nic) => subnetsOf(nic).includes(String(id)))
    .flatMap(({ outputs }) => outputs.ipConfigurations as Properties[])
    .map(({ privateIPAddress }) => privateIPAddress);
  // Azure keeps the first four.
  let host = 4;
  while (taken.includes(address(host)) || promised.has(`${id} ${address(host)}`)) host += 1;
  promised.add(`${id} ${address(host)}`);
  return address(host);
}
