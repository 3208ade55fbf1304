import { existing, Network, nix } from "@firn/nixos";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const hosts = existing({
  web: {
    address: config.require("address"),
    hardware: "detect", // its file systems, boot loader and drivers; or give `modules` a file of yours
    hostKey: config.require("hostKey"), // no other key is accepted
    identity: config.getSecret("identity"), // without one, your ssh configuration and agent
  },
});
const net = new Network("net", { stateVersion: "26.05", target: hosts });

const web = net.machine("web", {
  config: {
    services: {
      openssh: { enable: true },
      nginx: {
        enable: true,
        virtualHosts: {
          default: {
            default: true,
            root: nix`pkgs.writeTextDir "index.html" "Hello from NixOS on a host of yours\n"`,
          },
        },
      },
    },
    networking: { firewall: { allowedTCPPorts: [80] } },
  },
});

export const url = pulumi.interpolate`http://${web.address}/`;
