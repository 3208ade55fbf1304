import { behaviours } from "../behaviour.js";
import type { Properties } from "../plugin/schema.js";
import { account } from "./account.js";

behaviours({
  name: "digitalocean",
  account,
  imports: `import { digitalocean } from "@firn/digitalocean";`,
  target: ({ size = "small", region = "home", volumes }) =>
    `digitalocean({ size: "${{ small: "s-1vcpu-1gb", large: "s-1vcpu-2gb" }[size]}", region: "${{ home: "fra1", away: "nyc3" }[region]}"${
      volumes ? `, volumes: ${volumes}` : ""
    } })`,
  kinds: { server: "Droplet", firewall: "Firewall", volume: "Volume" },
  inputs: { size: "size", region: "region" },
  openPorts: ({ inboundRules }) =>
    ((inboundRules ?? []) as Properties[])
      .filter(({ portRange, sourceAddresses }) => portRange !== undefined && sourceAddresses !== undefined)
      .map(({ portRange }) => String(portRange)),
  labels: ({ tags }) => tags,
  expectedLabels: ["firn:net:dev", "firn:net:dev:web", "public"],
  quotaMessage: "will exceed your droplet limit",
  userData: "metadata/v1/user-data",
});
