import type { HostFacts } from "@firn/host";
import { expect, test } from "vitest";
import { DEBIAN_VM, factsOf, NIXOS_SERVER } from "../../../host/src/testing/fake-host.js";
import { refusals, type Wanted } from "./refusals.js";

const debian = factsOf(DEBIAN_VM);
const server = factsOf(NIXOS_SERVER);
const wanted = {
  system: "x86_64-linux",
  privilege: undefined,
  hasPassword: false,
  installs: false,
  services: false,
} as const;

const CASES: Record<string, [HostFacts, Wanted, string | undefined]> = {
  "NixOS, sudo with its password": [server, { ...wanted, hasPassword: true }, undefined],
  "32 bits on 64": [{ ...debian, nix: "2.8" }, { ...wanted, system: "i686-linux" }, undefined],
  "another architecture": [
    { ...server, account: debian.account },
    { ...wanted, system: "aarch64-linux" },
    'it is x86_64-linux, and its configuration is for aarch64-linux: give the machine system: "x86_64-linux"',
  ],
  "no systemd": [
    { ...debian, nix: "2.8", systemd: undefined } as unknown as HostFacts,
    wanted,
    "Debian GNU/Linux 12 (bookworm) runs there without systemd as PID 1",
  ],
  "sudo asks": [
    server,
    wanted,
    "sudo does not make admin root there without a password: give privilege its password",
  ],
  "doas instead of sudo": [
    { ...server, account: { ...server.account, sudo: "none" } },
    wanted,
    'there is no sudo but doas: give it privilege: { method: "doas" }',
  ],
  "neither of the two": [
    { ...server, account: { ...server.account, sudo: "none", doas: "none" } },
    wanted,
    "admin is not root there, and there is no sudo: install it, or connect as root",
  ],
  "no Nix": [debian, wanted, "it runs Debian GNU/Linux 12 (bookworm), and has no Nix"],
  "NixOS in place of what runs in a container": [
    { ...debian, bootMode: "container" },
    { ...wanted, installs: true },
    "it runs Debian GNU/Linux 12 (bookworm) in a container, which has no boot loader",
  ],
  "services on NixOS": [
    {
      ...server,
      account: debian.account,
      nixos: { version: "25.11", currentSystem: "/nix/store/x-nixos-system-a" },
    },
    { ...wanted, services: true },
    'it runs NixOS 25.11, all of which Firn can manage: leave manage: "services" out',
  ],
  "services without Nix": [debian, { ...wanted, services: true }, "has no Nix, which services come with"],
  "no Nix, and NixOS will be installed": [debian, { ...wanted, installs: true }, undefined],
};

test.each(Object.entries(CASES))("%s", (_, [facts, needs, told]) => {
  const found = refusals(facts, needs);
  if (told === undefined) expect(found).toEqual([]);
  else expect(found.join("\n")).toContain(told);
});
