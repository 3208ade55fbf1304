import { behaviours } from "../behaviour.js";
import type { Properties } from "../plugin/schema.js";
import { account } from "./account.js";

const tagsOf = ({ tags }: Properties) => (tags ?? {}) as Properties;

behaviours({
  name: "aws",
  account,
  imports: `import { ec2 } from "@firn/aws";`,
  target: ({ size = "small", region = "home", volumes }) =>
    `ec2({ instanceType: "${{ small: "t3.micro", large: "t3.small" }[size]}", region: "${{ home: "eu-central-1", away: "us-east-1" }[region]}"${
      volumes ? `, volumes: ${volumes}` : ""
    } })`,
  kinds: { server: "Instance", firewall: "SecurityGroup", volume: "Volume" },
  nameOf: (server) => tagsOf(server).Name,
  inputs: { size: "instanceType", region: "region" },
  openPorts: ({ ingress }) =>
    ((ingress ?? []) as Properties[])
      .filter(({ protocol }) => protocol === "tcp" || protocol === "udp")
      .map(({ fromPort, toPort }) => (fromPort === toPort ? String(fromPort) : `${fromPort}-${toPort}`)),
  labels: tagsOf,
  expectedLabels: {
    Name: "net-dev-web",
    "firn-machine": "web",
    "firn-network": "net",
    "firn-stack": "dev",
    "firn-tag-public": "",
  },
  quotaMessage: "api error VcpuLimitExceeded",
  userData: "latest/user-data",
});
