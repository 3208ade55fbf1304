import { expect, test } from "vitest";
import { hostOf } from "./place.js";

test("two ways to write a host are one host, and this computer is none", () => {
  expect(hostOf("qemu:///system")).toEqual([]);
  expect(hostOf("qemu:///system?socket=/run/x")).toEqual([]);
  for (const uri of [
    "qemu+ssh://root@lab/system",
    "qemu+ssh://lab:2222/system?keyfile=x",
    "qemu+libssh2://lab",
  ])
    expect(hostOf(uri)).toEqual(["lab"]);
  expect(hostOf("qemu+ssh://root@[fd00::1]:22/system")).toEqual(["fd00::1"]);
});
