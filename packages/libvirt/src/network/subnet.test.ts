import { formatSubnet, parseIpv4 } from "@firn/nixos/ipv4";
import { expect, test } from "vitest";
import { readXml } from "../xml/read.js";
import { addressesOf } from "./definition.js";
import { contains, networkSubnet } from "./subnet.js";

test("subnets are read and written", () => {
  const subnet = networkSubnet("10.83.12.77/24");
  expect(formatSubnet(subnet)).toBe("10.83.12.0/24");
  expect(contains(subnet, parseIpv4("10.83.12.255") ?? 0)).toBe(true);
  expect(contains(subnet, parseIpv4("10.83.13.0") ?? 0)).toBe(false);
  for (const wrong of ["10.83.12.0", "10.83.12.0/31", "10.83.12.256/24", "fe80::/64"])
    expect(() => networkSubnet(wrong)).toThrow("is no subnet");
});

test("a network's addresses are read whichever way it says them", () => {
  const network = readXml(
    "<network><ip family='ipv6' address='fd00::1' prefix='64'/><ip address='192.168.122.1' netmask='255.255.255.0'><dhcp><range start='192.168.122.2' end='192.168.122.254'/><host mac='52:54:00:AA:00:01' name='x' ip='192.168.122.9'/><host id='only-an-id' ip='192.168.122.8'/></dhcp></ip></network>",
  );
  expect(addressesOf(network)).toEqual({
    subnet: "192.168.122.0/24",
    gateway: "192.168.122.1",
    hasDhcp: true,
    ranges: [{ start: parseIpv4("192.168.122.2"), end: parseIpv4("192.168.122.254") }],
    reservations: [{ mac: "52:54:00:aa:00:01", address: "192.168.122.9" }],
  });
  expect(addressesOf(readXml("<network><forward mode='bridge'/></network>"))).toMatchObject({
    hasDhcp: false,
  });
});
