import { container } from "@firn/container";
import { Network } from "@firn/nixos";
import * as pulumi from "@pulumi/pulumi";

const shop = new Network("shop", {
  // A miniature of nixpkgs, so that this runs where nothing can be downloaded. Yours: { flake: "." }.
  nixpkgs: { path: "../tests/mini-nixos" },
  stateVersion: "26.05",
  target: container(),
});

const db = shop.machine("db", {
  config: {
    services: { minidb: { enable: true, port: 5432, data: { greeting: "Hello from the database" } } },
    networking: { firewall: { allowedTCPPorts: [5432] } },
  },
});

const web = shop.machine("web", {
  config: {
    services: {
      // The address of the database is only known once its machine exists.
      miniweb: {
        enable: true,
        port: 80,
        upstream: pulumi.interpolate`http://${db.privateAddress}:5432/greeting`,
      },
    },
    networking: { firewall: { allowedTCPPorts: [80] } },
  },
});

export const url = pulumi.interpolate`http://${web.address}/upstream`;
