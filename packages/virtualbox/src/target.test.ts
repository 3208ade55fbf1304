// The built package: what is serialized into users' state is compiled text, not this source.
import { virtualbox } from "@firn/virtualbox";
import * as pulumi from "@pulumi/pulumi";
import { beforeEach, expect, test } from "vitest";
import { machinesOf } from "../../nixos/src/testing/target.js";
import type { MachineOutputs } from "./inputs.js";
import { machine as lifeCycle } from "./machine.provider.js";

let resources: pulumi.runtime.MockResourceArgs[] = [];
beforeEach(async () => {
  resources = [];
  await pulumi.runtime.setMocks({
    call: () => ({}),
    newResource: (args) => {
      resources.push(args);
      const told = {
        address: "192.168.57.10",
        prefixLength: 24,
        network: "vboxnet3",
        path: "/v.vdi",
        device: "/dev/v",
      };
      return { id: args.name, state: { ...args.inputs, ...told } };
    },
  });
});

const spec = machinesOf()("web", { stack: "dev" });
const resolved = <T>(value: pulumi.Input<T>) =>
  new Promise<unknown>((resolve) => void pulumi.output(value).apply(resolve));

test("a machine, its volume and its network are one resource each, whose providers in the state are calls into the package", async () => {
  const host = virtualbox({
    image: "debian.raw",
    volumes: { data: { size: 10, mountPoint: "/srv" } },
  }).provision(spec, {});
  expect(await resolved(host.address)).toBe("192.168.57.10");
  expect(await resolved(host.privateNetwork ?? "")).toBe("virtualbox/vboxnet3");
  await resolved(host.module);
  expect(resources.map(({ type, name }) => [type, name]).sort()).toEqual([
    ["pulumi-nodejs:dynamic/firn:HostOnlyNetwork", "shop"],
    ["pulumi-nodejs:dynamic/firn:VirtualDisk", "shop-web-data"],
    ["pulumi-nodejs:dynamic/firn:VirtualMachine", "shop-web"],
  ]);
  const vm = resources.find(({ type }) => type.endsWith("VirtualMachine"))?.inputs;
  expect(vm).toMatchObject({
    owner: "project/dev/shop/web",
    name: "shop-dev-web",
    memory: 2048,
    cpus: 1,
    disk: 20,
    hostOnly: "vboxnet3",
    volumes: [{ port: 2, path: "/v.vdi" }],
    mark: "ssh-ed25519 TEMPORARY",
  });
  expect(vm?.__provider).toMatchSnapshot();
});

test("a machine in a host-only or a bridged network of the user's needs none of Firn's; snapshots are one more resource", async () => {
  const host = virtualbox({ image: "debian.raw", bridged: "en0", snapshots: 2 }).provision(spec, {});
  await resolved(host.address);
  host.beforeActivation?.(pulumi.output("/nix/store/x"), {});
  await resolved(host.module);
  await expect
    .poll(() => resources.map(({ type }) => type.split(":").at(-1)).sort())
    .toEqual(["Snapshots", "VirtualMachine"]);
  expect(virtualbox({ image: "debian.raw", hostOnly: "vboxnet0" }).provision(spec, {}).beforeActivation).toBe(
    undefined,
  );
});

test("what cannot be is said in the preview", () => {
  const provision = (args: Partial<Parameters<typeof virtualbox>[0]>, system = "x86_64-linux") =>
    virtualbox({ image: "x.raw", ...args }).provision({ ...spec, system }, {});
  expect(() => provision({}, "aarch64-linux")).toThrow(/x86_64-linux only/);
  expect(() => provision({ bridged: "en0", hostOnly: "vboxnet0" })).toThrow(/in one network/);
  expect(() => provision({ snapshots: -1 })).toThrow(/how many to keep/);
});

test("another name, image or network is another machine; memory, volumes and ports are not", async () => {
  const olds: MachineOutputs = {
    owner: "o",
    name: "n",
    hostname: "web",
    image: "a.raw",
    osType: "Debian_64",
    memory: 2048,
    cpus: 1,
    disk: 20,
    headless: true,
    hostOnly: "vboxnet0",
    ports: {},
    sharedFolders: {},
    volumes: [],
    flags: [],
    mark: "k",
    address: "192.168.57.10",
    prefixLength: 24,
    running: true,
  };
  const diff = (news: Partial<MachineOutputs>) =>
    lifeCycle.diff("id", olds, { ...olds, ...news, userData: "new" });
  expect(await diff({})).toMatchObject({ changes: false, replaces: [] });
  expect(await diff({ image: "b.raw" })).toMatchObject({ replaces: ["image"] });
  expect(await diff({ hostOnly: "vboxnet1" })).toMatchObject({ replaces: ["hostOnly"] });
  expect(await diff({ memory: 4096, ports: { 8080: 80 } })).toMatchObject({ changes: true, replaces: [] });
  expect(await lifeCycle.diff("id", { ...olds, running: false }, { ...olds, userData: "" })).toMatchObject({
    changes: true,
    replaces: [],
  });
});
