import { behaviours } from "../behaviour.js";
import type { Properties } from "../plugin/schema.js";
import { account } from "./account.js";

behaviours({
  name: "gcp",
  account,
  imports: `import { gcp } from "@firn/gcp";`,
  target: ({ size = "small", region = "home", volumes }) =>
    `gcp({ machineType: "${{ small: "e2-small", large: "e2-medium" }[size]}", zone: "${{ home: "europe-west3-a", away: "us-east1-b" }[region]}"${
      volumes ? `, volumes: ${volumes}` : ""
    } })`,
  kinds: { server: "Instance", firewall: "Firewall", volume: "Disk" },
  inputs: { size: "machineType", region: "zone" },
  openPorts: ({ allows }) =>
    ((allows ?? []) as Properties[]).flatMap(({ ports }) => (ports ?? []) as string[]),
  labels: ({ labels }) => labels,
  expectedLabels: {
    "firn-machine": "web",
    "firn-network": "net",
    "firn-stack": "dev",
    "firn-tag-public": "",
  },
  quotaMessage: "Quota 'INSTANCES' exceeded",
  userData: "computeMetadata/v1/instance/attributes/user-data",
  userDataOf: ({ metadata }) => (metadata as Record<string, string>)["user-data"],
  addressAcrossRegions: ({ networkInterfaces }) => (networkInterfaces as Properties[])[0]?.networkIp,
});
