import { afterEach, expect, test, vi } from "vitest";
import { commandLine } from "./command-line.js";
import { mountTag } from "./guest/module.js";
import { placesOf, segmentOf } from "./site.js";

vi.stubEnv("FIRN_QEMU_STATE", "/state");
afterEach(() => vi.stubEnv("FIRN_QEMU_STATE", "/state"));

const record = {
  id: "a-1",
  hostname: "a",
  owners: [],
  hostPublicKey: "KEY",
  privateAddress: "10.130.7.2",
  macs: ["52:54:00:00:00:01", "52:54:00:00:00:02"],
} as const;
/** The values of one option. */
const values = (args: readonly string[], option: string) =>
  args.flatMap((each, index) => (args[index - 1] === option ? [each] : []));

test("a machine runs in the background, with its console, its monitor, its ports and its disks", () => {
  const settings = { memory: 512, cpus: 2, ports: { 8080: 80, "0.0.0.0:8443": 443 } };
  const args = commandLine(record, settings, 2200, "kvm");
  expect(args).toContain("-daemonize");
  expect(values(args, "-accel")).toEqual(["kvm"]);
  expect(values(args, "-m")).toEqual(["512"]);
  expect(values(args, "-smp")).toEqual(["2"]);
  expect(values(args, "-qmp")).toEqual(["unix:/state/a-1/qmp,server=on,wait=off"]);
  expect(values(args, "-netdev")).toEqual([
    "user,id=outside,hostfwd=tcp:127.0.0.1:2200-:22,hostfwd=tcp:127.0.0.1:8080-:80,hostfwd=tcp:0.0.0.0:8443-:443",
  ]);
  expect(values(args, "-drive").map((each) => each.split(",")[2])).toEqual([
    "file=/state/a-1/disk.qcow2",
    "file=/state/a-1/seed.iso",
  ]);
});

test("without hardware for it, processors are computed by several threads", () => {
  expect(values(commandLine(record, {}, 2200, "tcg"), "-accel")).toEqual(["tcg,thread=multi"]);
});

test("machines of one private network share a segment, and others do not", () => {
  const inside = (privateNetwork: string) =>
    values(commandLine({ ...record, privateNetwork }, {}, 1, "kvm"), "-netdev")[1];
  expect(inside("shop")).toMatch(/^socket,id=inside,mcast=239\.\d+\.\d+\.\d+:2\d{4},localaddr=127\.0\.0\.1$/);
  expect(inside("shop")).toBe(inside("shop"));
  expect(inside("shop")).not.toBe(inside("other"));
  expect(segmentOf("shop").prefix).toMatch(/^10\.(1[2-9]\d)\.\d+$/);
});

test("shared directories are for reading unless told otherwise", () => {
  const mounts = { "/srv/a": { source: "/home/a" }, "/srv/b": { source: "/home/b", readOnly: false } };
  const [a, b] = values(commandLine(record, { mounts }, 1, "kvm"), "-virtfs");
  expect(a).toContain(`path=/home/a,mount_tag=${mountTag("/srv/a")}`);
  expect(a).toContain("readonly=on");
  expect(b).not.toContain("readonly");
});

test("a state directory that no socket fits into is told", () => {
  vi.stubEnv("FIRN_QEMU_STATE", `/${"long/".repeat(30)}`);
  expect(() => placesOf("a-1")).toThrow("set FIRN_QEMU_STATE to a shorter path");
});
