import { expect, test } from "vitest";
import { refusals } from "./schema.js";
import { sdkSchema } from "./sdk-schema.js";

const DISK = "gcp:compute/attachedDisk:AttachedDisk";
const INSTANCE = "gcp:compute/instance:Instance";
const schema = sdkSchema("@pulumi/gcp", [DISK, INSTANCE]);

test("inputs, required ones and outputs are what the installed SDK declares", () => {
  const { inputProperties, requiredInputs, required } = schema.resources[DISK] ?? {};
  expect(inputProperties).toMatchObject({ deviceName: { type: "string" }, disk: { type: "string" } });
  expect(requiredInputs).toEqual(["disk", "instance"]);
  expect(required).toContain("deviceName");
  expect(required).not.toContain("interface");
});

test("types that others refer to are among it, and inputs are checked against them", () => {
  const refused = (networkInterface: object) =>
    refusals(schema, INSTANCE, {
      machineType: "e2-small",
      bootDisk: {},
      networkInterfaces: [networkInterface],
    }).map(({ property, reason }) => `${property}: ${reason}`);
  expect(refused({ accessConfigs: [{ natIp: "203.0.113.1" }] })).toEqual([]);
  expect(refused({ accessConfigs: [{ natIp: 7 }] })).toEqual([
    "networkInterfaces[0].accessConfigs[0].natIp: must be string, and is 7",
  ]);
  expect(refused({ accessConfig: [] })[0]).toMatch(/^networkInterfaces\[0\]\.accessConfig: unknown property/);
});
