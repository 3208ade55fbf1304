import { expect, test } from "vitest";
import { endpointAddress, endpointText, tunnelMtu } from "./end.js";

test.each([
  ["192.0.2.1", "192.0.2.1:51820"],
  ["2001:db8::1", "[2001:db8::1]:51820"],
  ["office.example", "office.example:51820"],
])("the endpoint at %s is %s, and back", (address, endpoint) => {
  expect(endpointText(address, 51820)).toBe(endpoint);
  expect(endpointAddress(endpoint)).toBe(address);
});

test("the smallest network on the way decides how large a packet may be", () => {
  const host = (mtu?: number) => ({ mtu }) as never;
  expect(tunnelMtu([host(), host()], 80)).toBe(1420);
  expect(tunnelMtu([host(8900), host(1460)], 80)).toBe(1380);
  expect(tunnelMtu([host(8900), host(9001)], 80)).toBe(8820);
  expect(tunnelMtu([], 80)).toBe(1420);
});
