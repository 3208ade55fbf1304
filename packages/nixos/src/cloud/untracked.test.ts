import * as pulumi from "@pulumi/pulumi";
import { beforeAll, expect, test } from "vitest";
import { inspect } from "../pulumi-internals.js";
import { untracked } from "./untracked.js";

class Server extends pulumi.CustomResource {
  constructor() {
    super("sky:index:Server", "web", {});
  }
}

beforeAll(() =>
  pulumi.runtime.setMocks({ call: () => ({}), newResource: () => ({ id: "server-1", state: {} }) }),
);

test("the value stays, and where it comes from is forgotten", async () => {
  const { id } = new Server();
  expect((await inspect(id)).resources).toHaveLength(1);
  expect(await inspect(untracked(id))).toMatchObject({ value: "server-1", resources: [] });
});

test("what is not known stays so", async () => {
  const { value } = await inspect(untracked(pulumi.output(pulumi.unknown as string)));
  expect(pulumi.isUnknown(value)).toBe(true);
});
