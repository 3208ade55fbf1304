import { digitalocean } from "@firn/digitalocean";
import { Network, nix, stackConfig } from "@firn/nixos";
import * as pulumi from "@pulumi/pulumi";

// What differs from stack to stack stands in Pulumi.<stack>.yaml, under `droplet` of this project.
const { size, region } = stackConfig("droplet", {
  size: "s-1vcpu-1gb",
  region: "fra1",
});

const net = new Network("net", {
  stateVersion: "26.05",
  target: digitalocean({ size, region }),
});

const web = net.machine("web", {
  config: {
    services: {
      nginx: {
        enable: true,
        virtualHosts: {
          default: {
            default: true,
            root: nix`pkgs.writeTextDir "index.html" "Hello from NixOS on DigitalOcean\n"`,
          },
        },
      },
    },
    networking: { firewall: { allowedTCPPorts: [80] } },
  },
});

export const url = pulumi.interpolate`http://${web.address}/`;
