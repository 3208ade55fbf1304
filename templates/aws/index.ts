import { ec2 } from "@firn/aws";
import { Network, nix, stackConfig } from "@firn/nixos";
import * as pulumi from "@pulumi/pulumi";

// What differs from stack to stack stands in Pulumi.<stack>.yaml, under `server` of this project.
const { instanceType } = stackConfig("server", {
  instanceType: "t3.small",
});

const net = new Network("net", {
  stateVersion: "26.05",
  target: ec2({ instanceType }),
});

const web = net.machine("web", {
  config: {
    services: {
      nginx: {
        enable: true,
        virtualHosts: {
          default: {
            default: true,
            root: nix`pkgs.writeTextDir "index.html" "Hello from NixOS on Amazon EC2\n"`,
          },
        },
      },
    },
    networking: { firewall: { allowedTCPPorts: [80] } },
  },
});

export const url = pulumi.interpolate`http://${web.address}/`;
