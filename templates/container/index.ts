import { container } from "@firn/container";
import { Network, nix } from "@firn/nixos";
import * as pulumi from "@pulumi/pulumi";

const net = new Network("net", { stateVersion: "26.05", target: container() });

const web = net.machine("web", {
  config: {
    services: {
      nginx: {
        enable: true,
        virtualHosts: {
          default: {
            default: true,
            root: nix`pkgs.writeTextDir "index.html" "Hello from NixOS on this computer\n"`,
          },
        },
      },
    },
    networking: { firewall: { allowedTCPPorts: [80] } },
  },
});

export const url = pulumi.interpolate`http://${web.address}/`;
