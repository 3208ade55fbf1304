import { expect, test } from "vitest";
import {
  chooseSubnet,
  formatAddress,
  formatSubnet,
  gatewayOf,
  nextAddress,
  overlaps,
  parseAddress,
  parseSubnet,
} from "./subnet.js";

test("addresses and subnets are read and written", () => {
  expect(formatAddress(parseAddress("255.254.0.1"))).toBe("255.254.0.1");
  expect(formatSubnet(parseSubnet("198.18.3.77/22"))).toBe("198.18.0.0/22");
  expect(formatSubnet(parseSubnet("192.0.2.9"))).toBe("192.0.2.9/32");
  expect(formatSubnet(parseSubnet("0.0.0.0/0"))).toBe("0.0.0.0/0");
  expect(() => parseAddress("198.18.0")).toThrow("not an IPv4 address");
  expect(() => parseAddress("198.18.0.256")).toThrow("not an IPv4 address");
});

test("blocks overlap when they share an address, whichever is the bigger", () => {
  const overlap = (a: string, b: string) => overlaps(parseSubnet(a), parseSubnet(b));
  expect(overlap("10.0.0.0/8", "10.1.2.3")).toBe(true);
  expect(overlap("10.1.2.3", "10.0.0.0/8")).toBe(true);
  expect(overlap("10.0.0.0/24", "10.0.1.0/24")).toBe(false);
});

test("a subnet is taken that nothing on the computer uses", () => {
  const choose = (...inUse: string[]) => {
    const subnet = chooseSubnet(inUse.map(parseSubnet));
    return subnet && formatSubnet(subnet);
  };
  expect(choose()).toBe("198.18.0.0/22");
  expect(choose("192.0.2.0/24", "198.18.2.1")).toBe("198.18.4.0/22");
  expect(choose("198.18.0.0/15")).toBe("172.31.0.0/22");
  expect(choose("198.18.0.0/15", "172.16.0.0/12")).toBe("10.213.0.0/22");
  expect(choose("0.0.0.0/0")).toBeUndefined();
});

test("addresses go round: one that was given back rests until the others were given", () => {
  const subnet = parseSubnet("198.18.0.0/29");
  const taken = new Set<string>();
  expect(gatewayOf(subnet)).toBe("198.18.0.1");
  expect(nextAddress(subnet, taken)).toBe("198.18.0.2");
  expect(nextAddress(subnet, taken, "198.18.0.2")).toBe("198.18.0.3");
  expect(nextAddress(subnet, taken, "198.18.0.6")).toBe("198.18.0.2");
  for (const last of [2, 3, 4, 5, 6]) taken.add(`198.18.0.${last}`);
  expect(nextAddress(subnet, taken, "198.18.0.4")).toBeUndefined();
  taken.delete("198.18.0.4");
  expect(nextAddress(subnet, taken, "198.18.0.4")).toBe("198.18.0.4");
});
