import { afterAll, expect, test } from "vitest";
import { Project } from "../../e2e/project.js";
import { account as hcloud } from "../hcloud/account.js";
import type { Properties } from "../plugin/schema.js";
import { useStandIns } from "../stand-ins.js";
import { account } from "./account.js";

/** A virtual machine's security group is made before its network interface, and so before who is linked is known by it. */
const project = new Project("azure-links");
const directory = useStandIns(project, ["azure-native", "hcloud"]);
const clouds = { azure: account(directory).cloud, hetzner: hcloud(directory).cloud };
afterAll(() => project.dispose());

test("machines on Azure open the port of links to those outside of their virtual network alone", async () => {
  project.program(`import { azure } from "@firn/azure";
import { hcloud } from "@firn/hcloud";
const inAzure = azure({ vmSize: "Standard_B2s", location: "westeurope" });
const net = new Network("net", { nixpkgs: NIXPKGS, stateVersion: "26.05", target: inAzure });
const [a, b] = ["a", "b"].map((name) => net.machine(name, {}));
const far = net.machine("far", { target: hcloud({ serverType: "cx23", location: "fsn1" }) });
net.mesh();
export const addresses = pulumi.all([a!.address, b!.address, far.address]);
`);
  await project.init();
  const { exitCode, output } = await project.up();
  expect(exitCode, output).toBe(0);
  const [a, b, far] = (await project.outputs()).addresses as unknown as string[];
  const rules = clouds.azure
    .list("NetworkSecurityGroup")
    .flatMap(({ inputs }) => inputs.securityRules as Properties[])
    .filter(({ name }) => name === "link-51820");
  expect(rules.map(({ sourceAddressPrefixes }) => sourceAddressPrefixes)).toEqual([
    [`${far}/32`],
    [`${far}/32`],
  ]);
  const doors = clouds.hetzner
    .list("Firewall")
    .flatMap(({ inputs }) => inputs.rules as Properties[])
    .filter(({ port }) => port === "51820");
  expect(doors.map(({ sourceIps }) => sourceIps)).toEqual([[`${a}/32`, `${b}/32`].sort()]);
});
