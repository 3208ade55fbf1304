import { expect, test } from "vitest";
import { isOwnedBy, newId } from "./record.js";

test("an id tells whose machine it is, and of similar owners only one", () => {
  const id = newId(["Shop", "dev", "net", "web"]);
  expect(id).toMatch(/^shop-dev-net-web-[0-9a-f]{6}$/);
  expect(isOwnedBy(id, ["shop", "dev", "net", "web"])).toBe(true);
  expect(isOwnedBy(id, ["shop", "dev", "net", "we"])).toBe(false);
  expect(isOwnedBy(newId(["shop", "dev", "net", "web-abcdef"]), ["shop", "dev", "net", "web"])).toBe(false);
});
