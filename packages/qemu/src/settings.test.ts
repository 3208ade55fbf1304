import { expect, test } from "vitest";
import { checkComputer, mistakesIn, startSettingsOf } from "./settings.js";

const reasons = (settings: object, olds?: object) => mistakesIn(settings, olds).map(({ reason }) => reason);

test("settings that cannot be are refused by name", () => {
  expect(
    reasons({ memory: 1024, cpus: 2, disk: 20, ports: { 8080: 80 }, mounts: { "/a": { source: "/b" } } }),
  ).toEqual([]);
  expect(reasons({ memory: 64 })).toEqual([
    "qemu({ memory: 64 }): it is a whole number of MiB, at least 128.",
  ]);
  expect(reasons({ cpus: 0.5 })).toEqual(["qemu({ cpus: 0.5 }): it is a number of processors, at least 1."]);
  expect(reasons({ ports: { web: 80 } })).toEqual([expect.stringContaining('ports: {"web":80}')]);
  expect(reasons({ mounts: { "/a": { source: "b" } } })).toEqual([
    expect.stringContaining('"b" is no absolute path'),
  ]);
});

test("a disk grows and does not shrink", () => {
  expect(reasons({ disk: 20 }, { disk: 10 })).toEqual([]);
  expect(reasons({}, { disk: 20 })).toEqual([expect.stringContaining("the disk has 20 GiB")]);
});

test("what is not known yet is left alone", () => {
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  expect(reasons({ memory: unknown, disk: unknown, cpus: unknown, ports: unknown, mounts: unknown })).toEqual(
    [],
  );
});

test("ports and the disk change while a machine runs", () => {
  expect(startSettingsOf({ memory: 512, disk: 20, ports: { 1: 2 } })).toEqual({ memory: 512 });
});

test("a computer with too little memory, or without what is to be shared, is told before anything is made", async () => {
  await expect(checkComputer({ memory: 1 << 30 })).rejects.toThrow(/this computer has \d+ MiB left/);
  await expect(checkComputer({ memory: 1, mounts: { "/a": { source: "/nonexistent" } } })).rejects.toThrow(
    "this computer has no /nonexistent",
  );
});
