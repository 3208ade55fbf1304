import * as pulumi from "@pulumi/pulumi";
import { expect, expectTypeOf, test } from "vitest";
import { stackConfig } from "./stack-config.js";

const defaults = { serverType: "cx23", volume: 10, backups: false };
const configured = (value: unknown) => {
  pulumi.runtime.setAllConfig({ "project:web": typeof value === "string" ? value : JSON.stringify(value) });
  return stackConfig("web", defaults);
};

test("the stack's settings stand over the defaults, and have their types", () => {
  expect(stackConfig("absent", defaults)).toEqual(defaults);
  const settings = configured({ serverType: "ccx13", volume: 20 });
  expect(settings).toEqual({ serverType: "ccx13", volume: 20, backups: false });
  expectTypeOf(settings).toEqualTypeOf<{ serverType: string; volume: number; backups: boolean }>();
});

test.each([
  [
    { servertype: "ccx13" },
    'Pulumi.stack.yaml: project:web has no setting "servertype"; it has serverType, volume, backups.',
  ],
  [{ volume: "20" }, 'Pulumi.stack.yaml: project:web: volume must be a number, such as 10, and is "20".'],
  ["ccx13", 'Pulumi.stack.yaml: project:web must hold settings by name, and is "ccx13".'],
  [[1], "must hold settings by name"],
])("%j is an error that says what is wanted", (value, message) => {
  expect(() => configured(value)).toThrow(message);
});
