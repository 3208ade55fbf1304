import { container } from "@firn/container";
import { Network } from "@firn/nixos";
import * as pulumi from "@pulumi/pulumi";

const net = new Network("net", { stateVersion: "26.05", target: container() });

// `nixosConfigurations.web` of ./flake.nix, as `nixos-rebuild --flake .#web` would build it. What is said here is added.
const web = net.machine("web", {
  flake: ".#web",
  config: { networking: { firewall: { allowedTCPPorts: [80] } } },
});

export const url = pulumi.interpolate`http://${web.address}/`;
