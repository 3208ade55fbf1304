import { expect, test } from "vitest";
import {
  formatIpv4,
  formatSubnet,
  netmaskOf,
  overlaps,
  parseIpv4,
  parseSubnet,
  prefixLengthOf,
} from "./ipv4.js";

const subnet = (text: string) => parseSubnet(text) ?? expect.unreachable(`${text} is no subnet`);

test("addresses and blocks are read and written", () => {
  expect(formatIpv4(parseIpv4("255.254.0.1") ?? 0)).toBe("255.254.0.1");
  expect(formatSubnet(subnet("198.18.3.77/22"))).toBe("198.18.0.0/22");
  expect(formatSubnet(subnet("192.0.2.9"))).toBe("192.0.2.9/32");
  expect(formatSubnet(subnet("0.0.0.0/0"))).toBe("0.0.0.0/0");
});

test.each(["198.18.0", "198.18.0.256", "198.18.0.-1", "198.18.0.1e1", "::1", "", "198.18.0.0.0"])(
  "%j is no address, and no block",
  (text) => {
    expect(parseIpv4(text)).toBeUndefined();
    expect(parseSubnet(`${text}/24`)).toBeUndefined();
  },
);

test("a prefix of more than 32 bits is none", () => {
  expect(parseSubnet("10.0.0.0/33")).toBeUndefined();
  expect(parseSubnet("10.0.0.0/")).toBeUndefined();
});

test("blocks overlap when they share an address, whichever is the bigger", () => {
  const overlap = (one: string, other: string) => overlaps(subnet(one), subnet(other));
  expect(overlap("10.0.0.0/8", "10.1.2.3")).toBe(true);
  expect(overlap("10.1.2.3", "10.0.0.0/8")).toBe(true);
  expect(overlap("10.0.0.0/24", "10.0.1.0/24")).toBe(false);
});

test("netmasks", () => {
  expect(netmaskOf({ prefixLength: 24 })).toBe("255.255.255.0");
  expect(netmaskOf({ prefixLength: 21 })).toBe("255.255.248.0");
  expect(prefixLengthOf("255.255.248.0")).toBe(21);
  expect(prefixLengthOf("255.255.0.255")).toBeUndefined();
});
