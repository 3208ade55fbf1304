import * as pulumi from "@pulumi/pulumi";
import { beforeAll, expect, test } from "vitest";
import { inspect } from "../pulumi-internals.js";
import { told } from "./told.js";

const unknown = () => pulumi.output(pulumi.unknown as string);
const mocks = { call: () => ({}), newResource: () => ({ id: "", state: {} }) };

beforeAll(() => pulumi.runtime.setMocks(mocks));

test("what is known stays as it is", async () => {
  expect((await inspect(told(pulumi.output("eni-1")))).value).toBe("eni-1");
});

test("what is not known is empty in an update, and not known in a preview", async () => {
  expect((await inspect(told(unknown()))).value).toBe("");
  await pulumi.runtime.setMocks(mocks, "project", "stack", true);
  expect(pulumi.isUnknown((await inspect(told(unknown()))).value)).toBe(true);
});
