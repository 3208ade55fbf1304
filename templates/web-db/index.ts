import { container } from "@firn/container";
import { hcloud } from "@firn/hcloud";
import { byStack, Network, nix } from "@firn/nixos";
import * as pulumi from "@pulumi/pulumi";

// The same two machines in every stack; where they are is a matter of the stack.
const target = byStack({
  prod: hcloud({ serverType: "cx23", location: "fsn1" }),
  default: container(),
});
const net = new Network("net", { stateVersion: "26.05", target });

const db = net.machine("db", {
  config: {
    services: { postgresql: { enable: true, enableTCPIP: true } },
    networking: { firewall: { allowedTCPPorts: [5432] } },
  },
});

const greeting = nix`"Hello from NixOS; the database is at ${db.privateAddress}:5432\n"`;
const web = net.machine("web", {
  config: {
    services: {
      nginx: {
        enable: true,
        virtualHosts: { default: { default: true, root: nix`pkgs.writeTextDir "index.html" ${greeting}` } },
      },
    },
    networking: { firewall: { allowedTCPPorts: [80] } },
  },
});

export const url = pulumi.interpolate`http://${web.address}/`;
