import { expect, test } from "vitest";
import { manifestChanges, stateVersionWarning } from "./manifest-changes.js";

const manifest = {
  nixos: "26.05",
  kernel: "6.12.1",
  units: { "a.service": "1", "b.service": "1" },
  etc: { hosts: "1" },
  packages: { vim: "9.1" },
};

test("nothing changed is told by nothing", () => {
  expect(manifestChanges(manifest, { ...manifest })).toEqual([]);
});

test("changes are told by name, packages with their versions", () => {
  const next = {
    nixos: "26.11",
    kernel: "6.12.1",
    units: { "b.service": "2", "c.timer": "1" },
    etc: { hosts: "1" },
    packages: { vim: "9.2", hello: "2.12" },
  };
  expect(manifestChanges(manifest, next)).toEqual([
    "NixOS: 26.05 → 26.11",
    "units: - a.service, ~ b.service, + c.timer",
    "packages: + hello 2.12, ~ vim 9.1 → 9.2",
  ]);
});

test("another stateVersion is warned of, once there was one", () => {
  const at = (stateVersion: string) => ({ ...manifest, stateVersion });
  expect(stateVersionWarning(at("24.05"), at("26.05"))).toContain(
    'give this machine `stateVersion: "24.05"`',
  );
  expect(stateVersionWarning(at("26.05"), at("26.05"))).toBeUndefined();
  expect(stateVersionWarning(manifest, at("26.05"))).toBeUndefined();
});
