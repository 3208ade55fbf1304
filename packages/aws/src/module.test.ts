import { type NixModule, printModule } from "@firn/nix";
import { expect, test } from "vitest";
import { ec2Module } from "./module.js";

test("an instance is configured as NixOS' own images are", () => {
  const module = ec2Module({ name: "web", deployPublicKey: "ssh-ed25519 DEPLOY" });
  expect(printModule(module as unknown as NixModule)).toMatchInlineSnapshot(`
    "{ lib, modulesPath, ... }:
    {
      imports = [ "\${modulesPath}/virtualisation/amazon-image.nix" ];
      networking.hostName = lib.mkOverride 900 "web";
      services.openssh.enable = true;
      users.users.root.openssh.authorizedKeys.keys = [ "ssh-ed25519 DEPLOY" ];
      virtualisation.amazon-init.enable = false;
    }
    "
  `);
});
