import { expect, test } from "vitest";
import { readValues } from "../scripts.js";
import { compareBootParts } from "./reboot-reasons.js";

const kernel = (version: string, hash = "0") => `/nix/store/${hash.repeat(32)}-linux-${version}/bzImage`;
const reasons = (text: string) => compareBootParts(readValues(text)).reasons;

test("kernel, initrd and modules count against what was booted", () => {
  const booted = "firn:bootedSystem=/nix/store/x\n";
  expect(
    reasons(`${booted}firn:booted.kernel=${kernel("6.6.1")}\nfirn:wanted.kernel=${kernel("6.12.8")}\n`),
  ).toEqual(["kernel (linux-6.6.1 → linux-6.12.8)"]);
  expect(
    reasons(`${booted}firn:booted.kernel=${kernel("6.6.1")}\nfirn:wanted.kernel=${kernel("6.6.1", "1")}\n`),
  ).toEqual(["kernel"]);
  expect(reasons(`${booted}firn:wanted.initrd=/nix/store/${"a".repeat(32)}-initrd/initrd\n`)).toEqual([
    "initrd (none → initrd)",
  ]);
  expect(reasons(`${booted}firn:booted.kernel=${kernel("6.6.1")}\n`)).toEqual([]);
});

test("a machine that booted no NixOS needs no reboot for its kernel", () => {
  expect(reasons(`firn:wanted.kernel=${kernel("6.6.1")}\n`)).toEqual([]);
});

test("a switch inhibitor counts when both systems have it with other values, and unreadable ones do not", () => {
  const both = (before: string, after: string) =>
    reasons(`firn:runningInhibitors=${before}\nfirn:wantedInhibitors=${after}\n`);
  expect(
    both('{  "dbus-implementation": "dbus",  "x": "1"}', '{"dbus-implementation":"broker","y":"2"}'),
  ).toEqual(["switch inhibitor dbus-implementation (dbus → broker)"]);
  expect(both("{ torn", '{"a":"b"}')).toEqual([]);
});
