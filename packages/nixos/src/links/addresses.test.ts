import fc from "fast-check";
import { expect, test } from "vitest";
import { checkCollisions, DEFAULT_RANGE, isInRange, parseIpv4Range, tunnelAddresses } from "./addresses.js";

const range = parseIpv4Range(DEFAULT_RANGE);
const shop = ["project", "prod", "shop"];

test("an address depends on the machine's and the network's names alone", () => {
  expect(tunnelAddresses(shop, "db", range)).toMatchInlineSnapshot(`
    {
      "ipv4": "100.78.162.58",
      "ipv6": "fd3c:7323:7462:9db1:19ca:cc06:25e3:f7be",
    }
  `);
  expect(tunnelAddresses(shop, "DB", range)).toEqual(tunnelAddresses(shop, "db", range));
  expect(tunnelAddresses(["project", "dev", "shop"], "db", range)).not.toEqual(
    tunnelAddresses(shop, "db", range),
  );
});

test("machines of a network share a /64 of unique local addresses", () => {
  const prefix = (machine: string) =>
    tunnelAddresses(shop, machine, range).ipv6.split(":").slice(0, 4).join(":");
  expect(prefix("web")).toBe(prefix("db"));
  expect(prefix("web")).toMatch(/^fd/);
});

test("every address lies inside the range, and is neither its first nor its last", () => {
  const small = parseIpv4Range("10.9.8.0/24");
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (name) => {
      const { ipv4 } = tunnelAddresses(shop, name, small);
      expect(isInRange(ipv4, small)).toBe(true);
      expect(["10.9.8.0", "10.9.8.255"]).not.toContain(ipv4);
    }),
  );
});

test("a range is taken from its first address on", () => {
  expect(parseIpv4Range("10.1.2.3/16").base).toBe(parseIpv4Range("10.1.0.0/16").base);
});

test.each(["", "10.0.0.0", "10.0.0.0/25", "10.0.0.0/7", "10.0.0.256/16", "fd00::/64"])(
  "%j is refused as a range",
  (text) => {
    expect(() => parseIpv4Range(text)).toThrow(/is no range of IPv4 addresses/);
  },
);

test("two machines with one address are an error that names both", () => {
  const same = { ipv4: "100.64.0.1", ipv6: "fd00::1" };
  expect(() =>
    checkCollisions(
      new Map([
        ["web", same],
        ["db", same],
      ]),
    ),
  ).toThrow(/"web" and "db" lead to the same address inside the tunnels, 100\.64\.0\.1/);
});
