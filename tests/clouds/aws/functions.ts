import type { ProviderFunction } from "../plugin/account.js";
import { IMAGES, regionOf } from "./catalog.js";
import { known } from "./network.js";
import { refuse } from "./refuse.js";

interface Filter {
  readonly name: string;
  readonly values: readonly string[];
}

/** Images of an owner, the newest first. */
const getAmiIds: ProviderFunction = (_cloud, args) => {
  const filters = (args.filters ?? []) as Filter[];
  const owners = args.owners as string[];
  const unknown = filters.find(({ name }) => !["architecture", "name"].includes(name));
  if (unknown)
    throw refuse("DescribeImages", "InvalidParameterValue", `The filter '${unknown.name}' is invalid`);
  const ids = IMAGES.filter(
    (image) =>
      owners.includes(image.owner) &&
      image.region === regionOf(args) &&
      filters.every(({ name, values }) =>
        values.some((value) => matches(value, image[name as "architecture" | "name"])),
      ),
  ).map(({ id }) => id);
  return { ...args, ids, id: "images", region: regionOf(args) };
};

const getSubnet: ProviderFunction = (cloud, args) => {
  const { id, outputs } = known(cloud, "Subnet", args.id, "DescribeSubnets", "InvalidSubnetID.NotFound");
  return { ...args, id, vpcId: outputs.vpcId, availabilityZone: outputs.availabilityZone };
};

/** The default VPC, which every region of an account has. */
const getVpc: ProviderFunction = (_cloud, args) => {
  if (args.default !== true)
    throw refuse("DescribeVpcs", "InvalidParameterValue", "only the default VPC is known");
  return { ...args, id: `default-${regionOf(args)}`, cidrBlock: "172.31.0.0/16" };
};

/** Subnets of a VPC; the default one has one of its own. */
const getSubnets: ProviderFunction = (cloud, args) => {
  const filters = (args.filters ?? []) as Filter[];
  const vpcs = filters.find(({ name }) => name === "vpc-id")?.values ?? [];
  const own = cloud.list("Subnet").filter(({ outputs }) => vpcs.includes(String(outputs.vpcId)));
  const standard = vpcs.filter((id) => id.startsWith("default-")).map((id) => `subnet-${id}`);
  return { ...args, id: regionOf(args), ids: [...own.map(({ id }) => id), ...standard] };
};

/** `*` in a filter stands for anything. */
function matches(pattern: string, text: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(text);
}

/** Every function that a test can ask. */
export const functions = { getAmiIds, getSubnet, getSubnets, getVpc };
