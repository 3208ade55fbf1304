import { readFileSync } from "node:fs";
import { print, printModule } from "@firn/nix";
import { expect, test } from "vitest";
import { resolveConfig } from "../../packages/nixos/src/evaluation/resolve.js";
import { parseIpv4Range } from "../../packages/nixos/src/links/addresses.js";
import type { LinkEnd } from "../../packages/nixos/src/links/kind.js";
import { linkModule } from "../../packages/nixos/src/links/module.js";
import { wireguard } from "../../packages/nixos/src/links/wireguard.js";
import { evaluate } from "../mini-nixos/evaluate.js";

/** Options of nixpkgs by the module that declares them, as its sources have them; a peer's are in its own list. */
const OPTIONS: Record<string, string> = JSON.parse(
  readFileSync(new URL("nixpkgs-options.json", import.meta.url), "utf8"),
);
const PEER_OPTIONS = ["allowedIPs", "endpoint", "persistentKeepalive", "publicKey"];

/** An end that uses everything that a link can be made of. */
const END: LinkEnd = {
  interface: "firn0",
  addresses: ["100.64.0.1/32", "fd00::1/128"],
  port: 51820,
  mtu: 1420,
  rotates: true,
  keyFile: "/var/lib/firn-link/firn0.key",
  keyUnit: "firn-link-key.service",
  peers: [
    {
      name: "db",
      publicKey: "NEW",
      previousPublicKey: "OLD",
      addresses: ["100.64.0.2/32"],
      endpoint: "192.0.2.2:51820",
      comesFrom: "192.0.2.2",
      keepAlive: true,
      trusted: true,
    },
  ],
};

async function moduleText(): Promise<string> {
  const surroundings = { kind: wireguard(), forwards: true, addressRange: parseIpv4Range("100.64.0.0/10") };
  const module = linkModule(surroundings, END, { "100.64.0.2": ["db"] });
  return printModule((await resolveConfig(module)).value as never);
}

function nested([name = "", ...rest]: readonly string[], value: unknown): Record<string, unknown> {
  return { [name]: rest.length === 0 ? value : nested(rest, value) };
}

/** The module's own definitions, with nothing declared but what nixpkgs has, and some of it as told. */
async function definitions(set: Record<string, unknown>): Promise<Record<string, unknown>> {
  const without = (name: string) => !(name in set && set[name] === "absent");
  const paths = Object.keys(OPTIONS).filter(without);
  const chosen = Object.entries(set).filter(([name]) => without(name));
  const { value } = await evaluate(`let
    option = path: lib.setAttrByPath path (lib.mkOption { type = lib.types.anything; default = { }; });
    declared = map (path: { options = option (lib.splitString "." path); }) ${print(paths)};
    module = ${await moduleText()};
    configuration = lib.evalModules {
      specialArgs = { inherit pkgs; };
      modules = declared ++ [ module ] ++ map (set: { config = set; }) ${print(chosen.map(([path, value]) => nested(path.split("."), value)))};
    };
  in builtins.removeAttrs configuration.config [ "_module" ]`);
  return value as Record<string, unknown>;
}

const SCRIPTS = { "networking.useNetworkd": false, "networking.nftables.enable": false };

test("every option that a link sets is one of nixpkgs'", async () => {
  const peer = Object.fromEntries(PEER_OPTIONS.map((name) => [name, expect.anything()]));
  expect(await definitions(SCRIPTS)).toMatchObject({
    networking: { wireguard: { interfaces: { firn0: { peers: [peer] } }, useNetworkd: false } },
  });
});

test("without networkd, the tunnel waits for its key; with it, networkd makes the tunnel", async () => {
  const waiting = {
    "wireguard-firn0": { after: ["firn-link-key.service"], wants: ["firn-link-key.service"] },
  };
  expect(await definitions(SCRIPTS)).toMatchObject({ systemd: { services: waiting } });
  const networkd = await definitions({ ...SCRIPTS, "networking.useNetworkd": true });
  expect(networkd).not.toMatchObject({ systemd: { services: waiting } });
  expect(networkd).toMatchObject({ networking: { wireguard: { useNetworkd: true } } });
});

test("before nixpkgs 24.11, whose module does not know networkd, the script makes the tunnel", async () => {
  const older = {
    ...SCRIPTS,
    "networking.useNetworkd": true,
    "networking.wireguard.useNetworkd": "absent",
  };
  expect(await definitions(older)).toMatchObject({
    systemd: { services: { "wireguard-firn0": { wants: ["firn-link-key.service"] } } },
  });
});

test("rules are those of the firewall that the machine has", async () => {
  expect(await definitions(SCRIPTS)).toMatchObject({
    networking: {
      firewall: { extraCommands: expect.stringContaining("-j nixos-fw-accept"), extraInputRules: {} },
    },
  });
  expect(await definitions({ ...SCRIPTS, "networking.nftables.enable": true })).toMatchObject({
    networking: {
      firewall: {
        extraCommands: {},
        extraInputRules: expect.stringContaining("udp dport 51820 accept"),
        extraForwardRules: 'iifname "firn0" oifname "firn0" accept\n',
      },
    },
  });
});

test("an address of the machine's own in the range of the tunnels fails its evaluation", async () => {
  const addresses = [{ address: "100.70.0.1" }, { address: "10.0.0.1" }];
  expect(
    await definitions({ ...SCRIPTS, "networking.interfaces": { eth0: { ipv4: { addresses } } } }),
  ).toMatchObject({
    assertions: [
      {
        assertion: false,
        message: expect.stringContaining("The address 100.70.0.1 of this machine lies in the range"),
      },
      { assertion: true },
    ],
  });
});

test("the rendered module reads as written by hand", async () => {
  expect(await moduleText()).toMatchSnapshot();
});
