// The built package: what is serialized into users' state is compiled text, not this source.
import { type QemuArgs, qemu } from "@firn/qemu";
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { type MadeResource, machinesOf, mockResources, provisioned } from "../../nixos/src/testing/target.js";

let made: MadeResource[];

beforeAll(async () => {
  made = await mockResources(() => ({ sshPort: 2200, privateAddress: "10.130.7.2" }));
});
beforeEach(() => {
  made.length = 0;
});

const image = "/srv/images/debian.qcow2";
const make = (args: Partial<QemuArgs>, machine = machinesOf()("web")) =>
  provisioned(qemu({ image, ...args }).provision(machine, {}), made);
const inputs = () => made.find(({ type }) => type.endsWith("QemuMachine"))?.inputs ?? {};

test("a machine is reached at a port of this computer, and by its peers in their private network", async () => {
  const host = await make({ memory: 2048, ports: { 8080: 80 } });
  expect(host).toMatchObject({ address: "127.0.0.1", privateAddress: "10.130.7.2", behindNat: true });
  expect(host.privateNetwork).toMatch(/^qemu\/.*\/prod\/shop$/);
  expect(host.module).toContain('address = "10.130.7.2"');
  expect(inputs()).toMatchObject({ memory: 2048, ports: { 8080: 80 }, name: "web", network: "shop" });
});

test("without a private network it has one interface", async () => {
  const host = await make({ network: false });
  expect(host.module).not.toContain("eth1");
  expect(inputs().privateNetwork).toBeUndefined();
});

test("a network by name is shared with other Firn networks", async () => {
  expect((await make({ network: "lan" })).privateNetwork).toBe("qemu/lan");
});

test("the provider in the state is six calls into the package, and that of snapshots four", async () => {
  const host = qemu({ image, snapshots: 3 }).provision(machinesOf()("web"), {});
  host.beforeActivation?.(pulumi.output("/nix/store/system"), {});
  await provisioned(host, made);
  expect(inputs().__provider).toMatchSnapshot();
  const snapshots = made.find(({ type }) => type.endsWith("QemuSnapshots"))?.inputs;
  expect(snapshots).toMatchObject({ toplevel: "/nix/store/system", keep: 3 });
  expect(snapshots?.__provider).toMatchSnapshot();
});

test("machines of another architecture are refused where they are declared", () => {
  const machine = { ...machinesOf()("web"), system: "aarch64-linux" };
  expect(() => qemu({ image }).provision(machine, {})).toThrow(
    'machine "web": qemu() makes x86_64-linux machines',
  );
});

test("programs that have no types are told that an image is wanted", () => {
  expect(() => qemu({} as QemuArgs)).toThrow(/^qemu\(\{ image \}\): machines start from a cloud image/);
  expect(() => (qemu as () => unknown)()).toThrow(/^qemu\(\{ image \}\)/);
});
