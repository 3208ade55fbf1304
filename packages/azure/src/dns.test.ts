import { expect, test } from "vitest";
import { relative } from "./dns.js";

test.each([
  ["web.example.org", "example.org", "web"],
  ["web.example.org.", "example.org", "web"],
  ["example.org", "example.org", "@"],
  ["web", "example.org", "web"],
])("%s in the zone %s is %s", (name, zone, own) => {
  expect(relative(name, zone)).toBe(own);
});
