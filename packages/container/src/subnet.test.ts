import { formatSubnet, parseSubnet } from "@firn/nixos/ipv4";
import { expect, test } from "vitest";
import { chooseSubnet, gatewayOf, nextAddress } from "./subnet.js";

const subnet = (text: string) => parseSubnet(text) ?? expect.unreachable(`${text} is no subnet`);

test("a subnet is taken that nothing on the computer uses", () => {
  const choose = (...inUse: string[]) => {
    const chosen = chooseSubnet(inUse.map(subnet));
    return chosen && formatSubnet(chosen);
  };
  expect(choose()).toBe("198.18.0.0/22");
  expect(choose("192.0.2.0/24", "198.18.2.1")).toBe("198.18.4.0/22");
  expect(choose("198.18.0.0/15")).toBe("172.31.0.0/22");
  expect(choose("198.18.0.0/15", "172.16.0.0/12")).toBe("10.213.0.0/22");
  expect(choose("0.0.0.0/0")).toBeUndefined();
});

test("addresses go round: one that was given back rests until the others were given", () => {
  const small = subnet("198.18.0.0/29");
  const taken = new Set<string>();
  expect(gatewayOf(small)).toBe("198.18.0.1");
  expect(nextAddress(small, taken)).toBe("198.18.0.2");
  expect(nextAddress(small, taken, "198.18.0.2")).toBe("198.18.0.3");
  expect(nextAddress(small, taken, "198.18.0.6")).toBe("198.18.0.2");
  for (const last of [2, 3, 4, 5, 6]) taken.add(`198.18.0.${last}`);
  expect(nextAddress(small, taken, "198.18.0.4")).toBeUndefined();
  taken.delete("198.18.0.4");
  expect(nextAddress(small, taken, "198.18.0.4")).toBe("198.18.0.4");
});
