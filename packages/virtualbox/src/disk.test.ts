import { expect, test } from "vitest";
import { checkImage, deviceOf, megabytes, parseMedium } from "./disk.js";

test("Linux finds a disk by the serial number that VirtualBox makes of its UUID", () => {
  expect(deviceOf("4b4d5e4f-1111-4222-8333-44445566778f")).toBe(
    "/dev/disk/by-id/ata-VBOX_HARDDISK_VB4b4d5e4f-8f776655",
  );
  // Whether it writes the zeros in front is nobody's promise.
  expect(deviceOf("0b4d5e4f-1111-4222-8333-44445566778f")).toBeUndefined();
  expect(deviceOf("4b4d5e4f-1111-4222-8333-444455667708")).toBeUndefined();
});

test("what VBoxManage tells of a medium", () => {
  const told = `UUID:           4b4d5e4f-1111-4222-8333-44445566778f
Capacity:       20480 MBytes
In use by VMs:  web (UUID: 5b4d5e4f-1111-4222-8333-44445566778f)
                db (UUID: 6b4d5e4f-1111-4222-8333-44445566778f) [before (UUID: 7b4d5e4f-1111-4222-8333-44445566778f)]
`;
  expect(parseMedium(told)).toMatchObject({ uuid: "4b4d5e4f-1111-4222-8333-44445566778f", megabytes: 20480 });
  expect(parseMedium(told).users.slice(0, 2)).toEqual([
    "5b4d5e4f-1111-4222-8333-44445566778f",
    "6b4d5e4f-1111-4222-8333-44445566778f",
  ]);
  expect(megabytes(20)).toBe(19074);
});

test("an image that VirtualBox does not read is refused with the way to one that it does", async () => {
  await expect(checkImage("debian.qcow2")).rejects.toThrow(/qemu-img convert -O raw/);
  await expect(checkImage("/nonexistent.raw")).rejects.toThrow(
    /this computer has no \/nonexistent\.raw.*generic, not genericcloud/s,
  );
});
