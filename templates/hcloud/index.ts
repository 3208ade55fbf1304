import { hcloud } from "@firn/hcloud";
import { Network, nix, stackConfig } from "@firn/nixos";
import * as pulumi from "@pulumi/pulumi";

// What differs from stack to stack stands in Pulumi.<stack>.yaml, under `server` of this project.
const { serverType, location } = stackConfig("server", {
  serverType: "cx23",
  location: "fsn1",
});

const net = new Network("net", {
  stateVersion: "26.05",
  target: hcloud({ serverType, location }),
});

const web = net.machine("web", {
  config: {
    services: {
      nginx: {
        enable: true,
        virtualHosts: {
          default: {
            default: true,
            root: nix`pkgs.writeTextDir "index.html" "Hello from NixOS on Hetzner Cloud\n"`,
          },
        },
      },
    },
    networking: { firewall: { allowedTCPPorts: [80] } },
  },
});

export const url = pulumi.interpolate`http://${web.address}/`;
