import type * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { connectionInputs } from "./connection.js";
import { sshTarget } from "./deploy/ssh-target.js";
import { inspect } from "./pulumi-internals.js";
import type { SystemInputs } from "./system.js";
import { system } from "./system.provider.js";
import type { SystemOutputs } from "./system-outputs.js";

const far = { address: "far.example", hostKey: "far key", identity: "far identity" };
const hop = { name: "hop", address: "10.0.0.1", port: 2222, hostKey: "hop key", via: far };
const ssh = {
  hostKey: "key",
  user: "admin",
  identity: "identity",
  privilege: { method: "doas" as const, password: "password" },
  via: hop,
};

test("what a System is told becomes the way to its machine, with every secret marked", async () => {
  const inputs = connectionInputs({ address: "10.0.0.7" as unknown as pulumi.Output<string> }, ssh);
  const resolved = await Promise.all(
    Object.entries(inputs).map(async ([name, value]) => [name, await inspect(value)] as const),
  );
  expect(resolved.filter(([, { secret }]) => secret).map(([name]) => name)).toEqual([
    "identity",
    "privilegePassword",
    "viaIdentities",
  ]);
  const values = Object.fromEntries(resolved.map(([name, { value }]) => [name, value]));
  expect(sshTarget({ machine: "db", ...values } as unknown as SystemInputs)).toEqual({
    name: "db",
    address: "10.0.0.7",
    ...ssh,
  });
});

test("another way to a machine is an update, and other credentials are nothing", async () => {
  const olds = {
    toplevel: "t",
    hostId: "id",
    goal: "switch",
    address: "10.0.0.7",
    hostKey: "key",
    via: [{ address: "10.0.0.1", hostKey: "hop key" }],
    component: "urn",
  } as unknown as SystemOutputs;
  const diff = (news: object) => system.diff("net/db", olds, { ...olds, ...news });
  const same = { changes: false, replaces: [] };
  const update = { changes: true, replaces: [] };
  expect(await diff({})).toMatchObject(same);
  expect(await diff({ user: "root", port: 22 })).toMatchObject(same);
  expect(await diff({ identity: "other", certificate: "new", privilegePassword: "x" })).toMatchObject(same);
  for (const news of [
    { address: "10.0.0.8" },
    { port: 2222 },
    { hostKey: "rotated" },
    { via: [{ address: "10.0.0.2", hostKey: "hop key" }] },
    { via: [] },
  ])
    expect(await diff(news)).toMatchObject(update);
});
