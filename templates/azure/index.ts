import { azure } from "@firn/azure";
import { Network, nix, stackConfig } from "@firn/nixos";
import * as pulumi from "@pulumi/pulumi";

// What differs from stack to stack stands in Pulumi.<stack>.yaml, under `machine` of this project.
const { vmSize, location } = stackConfig("machine", {
  vmSize: "Standard_B2s",
  location: "westeurope",
});

const net = new Network("net", {
  stateVersion: "26.05",
  target: azure({ vmSize, location }),
});

const web = net.machine("web", {
  config: {
    services: {
      nginx: {
        enable: true,
        virtualHosts: {
          default: {
            default: true,
            root: nix`pkgs.writeTextDir "index.html" "Hello from NixOS on Azure\n"`,
          },
        },
      },
    },
    networking: { firewall: { allowedTCPPorts: [80] } },
  },
});

export const url = pulumi.interpolate`http://${web.address}/`;
