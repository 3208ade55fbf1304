import { expect, test } from "vitest";
import { ipv4Part, ipv6Part } from "./cidr.js";

test.each([
  ["10.0.0.0/16", 0, "10.0.0.0/20"],
  ["10.0.0.0/16", 3, "10.0.48.0/20"],
  ["172.31.0.0/20", 15, "172.31.15.0/24"],
  ["192.168.0.0/16", 15, "192.168.240.0/20"],
])("part of %s number %i is %s", (block, index, part) => {
  expect(ipv4Part(block, index)).toBe(part);
});

test.each([
  ["2600:1f14:12:3400::/56", 0, "2600:1f14:12:3400::/64"],
  ["2600:1f14:12:3400::/56", 15, "2600:1f14:12:340f::/64"],
  ["2600:1f14:12::/56", 3, "2600:1f14:12:3::/64"],
])("part of %s number %i is %s", (block, index, part) => {
  expect(ipv6Part(block, index)).toBe(part);
});
