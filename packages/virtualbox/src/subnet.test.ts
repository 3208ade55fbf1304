import { expect, test } from "vitest";
import { chooseSubnet, contains, freeAddress, parseSubnet, subnetOf } from "./subnet.js";

test("a network gets the first block that VirtualBox allows and this computer does not use", () => {
  expect(chooseSubnet([])).toEqual({ host: "192.168.56.1", prefixLength: 24 });
  expect(chooseSubnet([{ host: "192.168.57.7", prefixLength: 23 }])).toEqual({
    host: "192.168.58.1",
    prefixLength: 24,
  });
  expect(chooseSubnet([{ host: "192.168.1.4", prefixLength: 16 }])).toBeUndefined();
});

test("subnets are read as people and as VirtualBox write them", () => {
  expect(parseSubnet("10.0.0.0/16")).toEqual({ host: "10.0.0.1", prefixLength: 16 });
  expect(parseSubnet("10.0.0.9/24")).toEqual({ host: "10.0.0.9", prefixLength: 24 });
  for (const wrong of ["10.0.0.0", "10.0.0/24", "10.0.0.256/24", "10.0.0.0/30", "x"])
    expect(parseSubnet(wrong)).toBeUndefined();
  expect(subnetOf("192.168.56.1", "255.255.255.0")).toEqual({ host: "192.168.56.1", prefixLength: 24 });
});

test("machines have free addresses from 10 on", () => {
  const subnet = { host: "192.168.56.10", prefixLength: 24 };
  expect(freeAddress(subnet, new Set(["192.168.56.11"]))).toBe("192.168.56.12");
  expect(contains(subnet, "192.168.56.200")).toBe(true);
  expect(contains(subnet, "192.168.57.1")).toBe(false);
});
