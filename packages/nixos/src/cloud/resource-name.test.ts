import { expect, test } from "vitest";
import { resourceName } from "./resource-name.js";

test("a name is its parts where they are fit for a cloud", () => {
  expect(resourceName(["shop", "prod", "web-1"])).toBe("shop-prod-web-1");
});

test("whatever the parts are, the name is a DNS label within the limit, and another for other parts", () => {
  const parts = [
    ["shop", "Prod", "web"],
    ["shop", "prod_", "web"],
    ["shop", "prod.", "web"],
    ["-", "é", "x"],
  ];
  const names = parts.map((each) => resourceName(each));
  expect(new Set(names).size).toBe(parts.length);
  for (const name of names) expect(name).toMatch(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
  const long = resourceName(["shop", "prod", "w".repeat(80)]);
  expect(long).toHaveLength(63);
  expect(resourceName(["shop", "prod", "w".repeat(81)])).not.toBe(long);
  expect(resourceName(["shop", "prod", "web"], 12)).toMatch(/^shop-[0-9a-f]{6}$/);
});
