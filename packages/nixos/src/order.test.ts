import type * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import type { Machine } from "./machine.js";
import { deploymentOrder } from "./order.js";

/** A machine as far as its place in the order is concerned, with the resource that it runs on. */
function machine(name: string) {
  const self = { __pulumiType: "firn:nixos:Machine", system: { name } } as unknown as Machine;
  const host = { __pulumiType: "container", __parentResource: self } as unknown as pulumi.Resource;
  return { name, self, host };
}
type Place = ReturnType<typeof machine>;

/** Names of the Systems that each one's comes after. */
async function order(
  places: readonly Place[],
  uses: Record<string, readonly Place[]>,
  vias: Record<string, readonly Place[]>,
): Promise<Record<string, string[]>> {
  const hosts = (of: readonly Place[] = []) => new Set(of.map(({ host }) => host));
  const all = places.map(({ name, self }) => ({
    machine: self,
    config: { resources: hosts(uses[name]) },
    modules: { resources: new Set<pulumi.Resource>() },
    via: vias[name] && { resources: [...hosts(vias[name])] },
  }));
  const result = await deploymentOrder(all, new Map());
  const systems = (each: Place) =>
    result.get(each.self)?.flatMap((resource) => (resource as { name?: string }).name ?? []) ?? [];
  return Object.fromEntries(places.map((each) => [each.name, systems(each)]));
}

const [bastion, db, web] = [machine("bastion"), machine("db"), machine("web")];

test("a machine comes after what it uses; circles are not ordered", async () => {
  expect(await order([db, web], { web: [db] }, {})).toEqual({ db: [], web: ["db"] });
  expect(await order([db, web], { web: [db], db: [web] }, {})).toEqual({ db: [], web: [] });
});

test("a jump host comes first, whatever its own configuration uses", async () => {
  const uses = { bastion: [web], web: [db] };
  expect(await order([bastion, db, web], uses, { db: [bastion] })).toEqual({
    bastion: [],
    db: ["bastion"],
    web: [],
  });
});

test("a jump host of another network comes first, too", async () => {
  expect(await order([db], {}, { db: [bastion] })).toEqual({ db: ["bastion"] });
});
