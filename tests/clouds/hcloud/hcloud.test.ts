import { behaviours } from "../behaviour.js";
import type { Properties } from "../plugin/schema.js";
import { account } from "./account.js";

behaviours({
  name: "hcloud",
  account,
  imports: `import { hcloud } from "@firn/hcloud";`,
  target: ({ size = "small", region = "home", volumes }) =>
    `hcloud({ serverType: "${{ small: "cpx11", large: "cpx21" }[size]}", location: "${{ home: "fsn1", away: "ash" }[region]}"${
      volumes ? `, volumes: ${volumes}` : ""
    } })`,
  kinds: { server: "Server", firewall: "Firewall", volume: "Volume" },
  inputs: { size: "serverType", region: "location" },
  openPorts: ({ rules }) =>
    ((rules ?? []) as Properties[]).filter(({ port }) => port !== undefined).map(({ port }) => String(port)),
  labels: ({ labels }) => labels,
  expectedLabels: {
    "firn-machine": "web",
    "firn-network": "net",
    "firn-stack": "dev",
    "firn-tag-public": "",
  },
  quotaMessage: "server limit reached (resource_limit_exceeded)",
  userData: "hetzner/v1/userdata",
});
