// The built package: what is serialized into users' state is compiled text, not this source.
import { container } from "@firn/container";
import type { MachineSpec } from "@firn/nixos";
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, expect, test } from "vitest";
import { container as lifeCycle } from "./container.provider.js";
import type { ContainerInputs, ContainerOutputs } from "./inputs.js";

const inputs: ContainerInputs = {
  project: "shop",
  stack: "dev",
  network: "shop",
  name: "web",
  hostPublicKey: "ssh-ed25519 HOST",
  hostPrivateKey: "PRIVATE",
  deployPublicKey: "ssh-ed25519 DEPLOY",
};
const resources: pulumi.runtime.MockResourceArgs[] = [];

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    call: () => ({}),
    newResource: (args) => {
      resources.push(args);
      return { id: "shop-dev-shop-web-1a2b3c", state: { ...args.inputs, address: "198.18.0.2" } };
    },
  });
});

const keys = (name: string) => ({
  publicKey: pulumi.output(`ssh-ed25519 ${name}`),
  privateKey: pulumi.secret("PRIVATE"),
});
const machine = (): MachineSpec => ({
  network: "shop",
  name: "web",
  stack: "dev",
  system: "x86_64-linux",
  tags: [],
  hostKeyRotation: 0,
  hostKey: () => keys("HOST"),
  temporaryHostKey: () => keys("TEMPORARY"),
  linkOpenings: () => pulumi.output([]),
  deployKey: () => keys("DEPLOY"),
  option: () => pulumi.output(undefined as never),
  shared: (_key, make) => make({}),
});

test("a machine is one resource, whose provider in the state is five calls into the package", async () => {
  const host = container().provision(machine(), {});
  expect(await resolved(host.address)).toBe("198.18.0.2");
  expect(await resolved(host.module)).toMatchObject({ boot: { isContainer: true } });
  expect(resources.map(({ type, name }) => [type, name])).toEqual([
    ["pulumi-nodejs:dynamic/firn:Container", "shop-web"],
  ]);
  expect(resources[0]?.inputs.__provider).toMatchSnapshot();
});

test("a machine that boots from its closure is started by its deployment, shares the store, and needs no /sbin/init", async () => {
  const host = container({ from: "closure" }).provision(machine(), {});
  const module = "@firn/container/provider";
  expect(host).toMatchObject({ startedBy: module, console: { module }, sharesStore: true });
  expect(await resolved(host.module)).toMatchObject({ boot: { isContainer: true } });
  expect(await resolved(host.module)).not.toHaveProperty("boot.loader");
  await resolved(host.address);
  expect(resources.at(-1)?.inputs).toMatchObject({ from: "closure", sharesStore: true });
  expect(await import("@firn/container/provider")).toHaveProperty("starter.start");
});

test("what goes with no closure is refused where it is written", () => {
  expect(() => container({ from: "closure", image: "/image" })).toThrow(/has no image\. Leave one/);
  expect(() => container({ from: "closure", store: "own" })).toThrow(/which it therefore shares\. Leave one/);
});

test("another name or image is another machine; other keys are not", async () => {
  const olds: ContainerOutputs = { ...inputs, address: "198.18.0.2", running: true };
  const diff = (news: Partial<ContainerInputs>) => lifeCycle.diff("id", olds, { ...inputs, ...news });
  expect(await diff({})).toMatchObject({ changes: false, replaces: [] });
  expect(await diff({ name: "db" })).toMatchObject({ changes: true, replaces: ["name"] });
  expect(await diff({ from: "closure" })).toMatchObject({ changes: true, replaces: ["from"] });
  expect(await diff({ image: "/other" })).toMatchObject({ changes: true, replaces: ["image"] });
  // The machine's System replaces its host key.
  expect(await diff({ hostPublicKey: "ssh-ed25519 NEW" })).toMatchObject({ changes: false, replaces: [] });
  expect(await diff({ deployPublicKey: "ssh-ed25519 NEW" })).toMatchObject({ changes: true, replaces: [] });
});

function resolved<T>(value: pulumi.Input<T>): Promise<unknown> {
  return new Promise((resolve) => void pulumi.output(value).apply(resolve));
}
