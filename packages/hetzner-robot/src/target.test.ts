import * as pulumi from "@pulumi/pulumi";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { type MadeResource, machinesOf, mockResources, provisioned } from "../../nixos/src/testing/target.js";
import type { RobotArgs } from "./args.js";
import { robot } from "./target.js";

let made: MadeResource[];

beforeAll(async () => {
  made = await mockResources(({ inputs }) =>
    "server" in inputs
      ? { address: "203.0.113.1", ipv6Network: "2001:db8:1:2::", rescueHostKey: "ssh-ed25519 RESCUE" }
      : {},
  );
});
beforeEach(() => {
  made.length = 0;
  pulumi.runtime.setAllConfig({});
});

const disks: RobotArgs["disks"] = {
  disk: {
    main: {
      device: "/dev/nvme0n1",
      content: {
        type: "gpt",
        partitions: {
          boot: { size: "1M", type: "EF02" },
          root: { size: "100%", content: { type: "filesystem", format: "ext4", mountpoint: "/" } },
        },
      },
    },
  },
};
const args: RobotArgs = { server: 321, user: "#ws+abc", password: "secret", disks };
const make = async (more: Partial<RobotArgs> = {}, name = "web", machine = machinesOf()) =>
  provisioned(robot({ ...args, ...more }).provision(machine(name), {}), made);

test("a server's rescue system is known by its own key, and the lasting one replaces that", async () => {
  pulumi.runtime.setAllConfig({ "firn:eraseDisks": JSON.stringify({ "shop-web": ["S1"] }) });
  const host = await make();
  expect(host).toMatchObject({
    address: "203.0.113.1",
    hostKey: "ssh-ed25519 LASTING",
    temporaryHostKey: "ssh-ed25519 RESCUE",
    install: "disk",
  });
  const inputs = (kind: string) => made.find(({ type }) => type.endsWith(kind))?.inputs;
  expect(inputs("RobotServer")).toMatchObject({
    server: 321,
    reinstall: 0,
    url: "https://robot-ws.your-server.de",
  });
  expect(inputs("RobotServer")).not.toHaveProperty("unconfirmed");
  expect(inputs("RobotSshKey")).toMatchObject({ name: "shop-prod", publicKey: "ssh-ed25519 DEPLOY" });
  const module = host.module.replace(/\s+/g, " ");
  expect(module).toContain('grub = { devices = [ "/dev/nvme0n1" ]; enable = lib.mkDefault true; }');
  expect(module).toContain('addresses = [ { address = "2001:db8:1:2::2"; prefixLength = 64; } ]');
  expect(module).toContain('defaultGateway6 = { address = "fe80::1"; interface = "eth0"; }');
});

test("without a second word in the stack's configuration the server is not touched", async () => {
  await make();
  const unconfirmed = made.find(({ type }) => type.endsWith("RobotServer"))?.inputs.unconfirmed;
  expect(unconfirmed).toContain(
    "Server 321 would be reset into its rescue system. /dev/nvme0n1 would be partitioned",
  );
  pulumi.runtime.setAllConfig({ "firn:eraseDisks": JSON.stringify({ "shop-web": "all" }) });
  await expect(make()).rejects.toThrow(
    'firn:eraseDisks.shop-web must be "empty" or a list of serial numbers, and is "all".',
  );
  pulumi.runtime.setAllConfig({ "firn:eraseDisks": "web" });
  await expect(make()).rejects.toThrow("firn:eraseDisks must name machines");
});

test("servers of an account share its key; another installation has other disks", async () => {
  const machine = machinesOf();
  const first = await make({}, "a", machine);
  await make({}, "b", machine);
  expect(made.filter(({ type }) => type.endsWith("RobotSshKey"))).toHaveLength(1);
  const again = await make({ reinstall: 1 }, "a", machine);
  expect(again.disks).not.toEqual(first.disks);
});
