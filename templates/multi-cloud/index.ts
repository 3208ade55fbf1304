import { digitalocean } from "@firn/digitalocean";
import { hcloud } from "@firn/hcloud";
import { Network, nix } from "@firn/nixos";
import * as pulumi from "@pulumi/pulumi";

const net = new Network("net", { stateVersion: "26.05" });

const db = net.machine("db", {
  target: digitalocean({ size: "s-1vcpu-1gb", region: "fra1" }),
  config: { services: { postgresql: { enable: true, enableTCPIP: true } } },
});

// `db.privateAddress` is its address inside the tunnel: the database listens to nobody else.
const greeting = nix`"Hello from NixOS on two clouds; the database is at ${db.privateAddress}:5432\n"`;
const web = net.machine("web", {
  target: hcloud({ serverType: "cx23", location: "fsn1" }),
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

net.link(web, db, { trusted: true });

export const url = pulumi.interpolate`http://${web.address}/`;
