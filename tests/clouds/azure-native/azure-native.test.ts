import { behaviours } from "../behaviour.js";
import type { Properties } from "../plugin/schema.js";
import { account } from "./account.js";

behaviours({
  name: "azure-native",
  account,
  imports: `import { azure } from "@firn/azure";`,
  target: ({ size = "small", region = "home", volumes }) =>
    `azure({ vmSize: "${{ small: "Standard_B2s", large: "Standard_B2ms" }[size]}", location: "${{ home: "westeurope", away: "eastus" }[region]}"${
      volumes ? `, volumes: ${volumes}` : ""
    } })`,
  kinds: { server: "VirtualMachine", firewall: "NetworkSecurityGroup", volume: "Disk" },
  inputs: { size: "vmSize", region: "location" },
  nameOf: ({ vmName, networkSecurityGroupName, location }) =>
    String(vmName ?? networkSecurityGroupName).replace(`-${location}`, ""),
  openPorts: ({ securityRules }) =>
    ((securityRules ?? []) as Properties[])
      .filter(({ sourceAddressPrefix }) => sourceAddressPrefix === "*")
      .flatMap(({ destinationPortRanges }) => (destinationPortRanges ?? []) as string[]),
  labels: ({ tags }) => tags,
  expectedLabels: {
    "firn-machine": "web",
    "firn-network": "net",
    "firn-stack": "dev",
    "firn-tag-public": "",
  },
  quotaMessage: "exceeding approved VirtualMachine quota",
  userData: "metadata/instance/compute/customData",
  userDataOf: ({ osProfile }) => (osProfile as Properties).customData,
});
