import { gcp } from "@firn/gcp";
import { Network, nix, stackConfig } from "@firn/nixos";
import * as pulumi from "@pulumi/pulumi";

// What differs from stack to stack stands in Pulumi.<stack>.yaml, under `instance` of this project.
const { machineType, zone } = stackConfig("instance", {
  machineType: "e2-small",
  zone: "europe-west3-a",
});

const net = new Network("net", {
  stateVersion: "26.05",
  target: gcp({ machineType, zone }),
});

const web = net.machine("web", {
  config: {
    services: {
      nginx: {
        enable: true,
        virtualHosts: {
          default: {
            default: true,
            root: nix`pkgs.writeTextDir "index.html" "Hello from NixOS on Google Cloud\n"`,
          },
        },
      },
    },
    networking: { firewall: { allowedTCPPorts: [80] } },
  },
});

export const url = pulumi.interpolate`http://${web.address}/`;
