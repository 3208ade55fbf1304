import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type Host, leadStoreToDisks, prepareDisks } from "@firn/host";
import type { DiskLayout } from "@firn/nixos";
import { afterAll, beforeAll, expect, test } from "vitest";
import { planDisks } from "../../packages/nixos/src/disks/plan.js";
import { type LabDisk, makeDisk, plugIn, removeDisk } from "../lab/disks.js";
import { type LabContainer, startContainer } from "../lab/lab.js";
import { rescueImage } from "../lab/rescue-image.js";

/** A machine that stands in for a rescue system, with two disks; each test goes on from the one before. */
let directory: string;
let machine: LabContainer;
let host: Host;
let disks: readonly [LabDisk, LabDisk];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "firn-disks-"));
  machine = await startContainer("rescue", await rescueImage());
  disks = [
    await makeDisk(join(directory, "one"), 1600, "FIRN0001"),
    await makeDisk(join(directory, "two"), 400, "FIRN0002"),
  ];
  await plugIn(machine, disks);
  const { address, hostKey, identity } = machine;
  host = await connect({ name: "rescue", address, hostKey, identity, user: "root" });
});
afterAll(async () => {
  await host?.close();
  await machine?.remove();
  for (const disk of disks ?? []) await removeDisk(disk);
  await rm(directory, { recursive: true, force: true });
});

const inside = async (script: string) => (await machine.exec(["sh", "-c", script])).trim();

const layout = (): DiskLayout => ({
  disk: {
    main: {
      device: disks[0].device,
      content: {
        type: "gpt",
        partitions: {
          boot: { size: "1M", type: "EF02" },
          esp: {
            size: "100M",
            type: "EF00",
            // Not mounted, because kernels of containers may not know it.
            content: { type: "filesystem", format: "vfat" },
          },
          swap: { size: "64M", content: { type: "swap" } },
          var: {
            size: "320M",
            content: { type: "filesystem", format: "xfs", mountpoint: "/var", mountOptions: ["noatime"] },
          },
          home: {
            size: "256M",
            content: {
              type: "btrfs",
              subvolumes: { "/home": { mountpoint: "/home" }, "/a/b": { mountpoint: "/srv" } },
            },
          },
          root: {
            size: "100%",
            content: { type: "filesystem", format: "ext4", mountpoint: "/", extraArgs: ["-m", "1"] },
          },
        },
      },
    },
  },
});
const plan = () => planDisks(layout(), "net/dev/web").plan;

test("empty disks are partitioned, formatted and mounted as the layout says", async () => {
  expect(await prepareDisks(host, plan(), { erase: [], check: true })).toEqual([]);
  expect(await inside(`wipefs --noheadings ${disks[0].device}`)).toBe("");
  const did = await prepareDisks(host, plan(), { erase: [] });
  expect(did.map((each) => each.replace(/\/dev\/loop\d+p/, "partition "))).toEqual([
    `partitioned ${disks[0].device}`,
    "formatted partition 2 as vfat",
    "formatted partition 3 as swap",
    "formatted partition 4 as xfs",
    "formatted partition 5 as btrfs",
    "formatted partition 6 as ext4",
  ]);
  const mounts = await inside(
    "findmnt --raw --noheadings --output TARGET,FSTYPE,OPTIONS | grep ^/mnt | sort",
  );
  expect(
    mounts.split("\n").map((line) => line.replace(/^(\S+ \S+) .*?(noatime|subvol=\S+|$).*/, "$1 $2").trim()),
  ).toEqual([
    "/mnt ext4",
    "/mnt/home btrfs subvol=/home",
    "/mnt/srv btrfs subvol=/a/b",
    "/mnt/var xfs noatime",
  ]);
  // The identifiers by which the configuration mounts them.
  for (const step of plan())
    if (step.kind === "format")
      expect(await inside("blkid -p -o value -s UUID /dev/loop*p*"), step.fileSystem).toContain(step.id);
  expect(await inside(`sfdisk --dump $(readlink -f ${disks[0].device})`)).not.toContain('.new"');
});

test("a run after one that has finished writes nothing", async () => {
  await inside("echo kept > /mnt/file; echo kept > /mnt/home/file; sync");
  expect(await prepareDisks(host, plan(), { erase: [] })).toEqual([]);
  // After a boot of the rescue system nothing is mounted.
  await inside("umount -R /mnt");
  expect(await prepareDisks(host, plan(), { erase: [] })).toEqual([]);
  expect(await inside("cat /mnt/file /mnt/home/file")).toBe("kept\nkept");
});

test("a run that was cut at any step goes on, and formats nothing that it has finished", async () => {
  await inside("umount -R /mnt");
  const steps = ["sfdisk", "mkfs.vfat", "mkswap", "mkfs.xfs", "btrfs", "mkfs.ext4"];
  await inside(`wipefs --quiet --all /dev/loop*p* ${disks[0].device}; udevadm settle`);
  const formatted: string[] = [];
  for (const program of steps) {
    // The program does its work, and the machine is cut off before it tells.
    const path = await inside(`command -v ${program}`);
    await inside(
      `printf '#!/bin/sh\\n${path} "$@" && exit 99\\n' > /usr/local/bin/${program}; chmod 755 /usr/local/bin/${program}`,
    );
    const cut = prepareDisks(host, plan(), { erase: [] });
    await expect(cut, program).rejects.toThrow("its disks could not be prepared (exit code 99)");
    await inside(`rm /usr/local/bin/${program}`);
    const seen = await inside(
      `sfdisk --dump $(readlink -f ${disks[0].device}) | sed -n 's/.*name="disk-main-\\(.*\\)"/\\1/p'`,
    );
    formatted.push(
      seen
        .split("\n")
        .filter((name) => !name.endsWith(".new"))
        .join(" "),
    );
  }
  expect(formatted).toEqual([
    "boot",
    "boot",
    "boot esp",
    "boot esp swap",
    "boot esp swap var",
    "boot esp swap var home",
  ]);
  expect((await prepareDisks(host, plan(), { erase: [] })).map((each) => each.replace(/\S*p6/, ""))).toEqual([
    "formatted  as ext4",
  ]);
});

test("disks with data are refused by what they carry, and emptied only when told so by serial number", async () => {
  const other: DiskLayout = {
    disk: {
      other: {
        device: disks[1].device,
        content: {
          type: "gpt",
          partitions: {
            boot: { size: "1M", type: "EF02" },
            root: { size: "100%", content: { type: "filesystem", format: "ext4", mountpoint: "/" } },
          },
        },
      },
    },
  };
  const { plan } = planDisks(other, "net/dev/other");
  const device = await inside(`readlink -f ${disks[1].device}`);
  const refused = (erase: readonly string[] = []) =>
    prepareDisks(host, plan, { erase }).then(
      () => "",
      (error: Error) => error.message,
    );
  const data: Record<string, string> = {
    "a file system": `mkfs.xfs -q ${device}`,
    "a partition table": `wipefs -qa ${device}; udevadm settle; echo "label: dos" | sfdisk --quiet --wipe always ${device}`,
    "a file system in a partition": `wipefs -qa ${device}; printf 'label: gpt\\n,,\\n' | sfdisk --quiet --wipe always ${device} && partx --update ${device} && udevadm settle && mkfs.ext4 -q ${device}p1`,
    // Superblocks as LVM, LUKS and md write them: their programs want kernels that have these.
    LVM: `wipefs -qa ${device}; printf 'LABELONE\\1\\0\\0\\0\\0\\0\\0\\0\\345\\143\\003\\026 \\0\\0\\0LVM2 001' | dd of=${device} bs=512 seek=1 conv=sync,notrunc status=none`,
    LUKS: `wipefs -qa ${device}; printf 'LUKS\\272\\276\\0\\1' | dd of=${device} conv=notrunc status=none`,
  };
  const carried: string[] = [];
  for (const command of Object.values(data)) {
    await inside(command);
    const message = await refused(["FIRN0001"]);
    expect(message).toMatch(/^rescue: \/dev\/disk\/by-id\/ata-FIRN0002 carries data \(/);
    expect(message).toContain("Its serial number is FIRN0002");
    carried.push(/\((.*)\)/.exec(message)?.[1]?.replaceAll(device, "disk") ?? "");
  }
  expect(carried).toMatchInlineSnapshot(`
    [
      "disk: xfs",
      "disk: dos",
      "disk: PMBR, disk: gpt, diskp1: ext4",
      "disk: LVM2_member",
      "disk: crypto_LUKS",
    ]
  `);
  await inside(
    `wipefs -qa ${device}; mkfs.ext4 -q ${device}; mkdir -p /media/data; mount ${device} /media/data`,
  );
  expect(await refused(["FIRN0002"])).toMatch(
    /ata-FIRN0002 is in use: \/dev\/loop\d+ is mounted at \/media\/data/,
  );
  await inside("umount /media/data");
  expect(await prepareDisks(host, plan, { erase: ["FIRN0002"] })).toHaveLength(2);
  expect(await inside(`wipefs --noheadings --output TYPE ${device}p2`)).toBe("ext4");
});

test("what is not there is said: a disk, a program, the layout that it was partitioned by", async () => {
  const missing = planDisks(
    JSON.parse(JSON.stringify(layout()).replaceAll("FIRN0001", "FIRN0009")),
    "net/dev/web",
  ).plan;
  await expect(prepareDisks(host, missing, { erase: [] })).rejects.toThrow(
    /there is no \/dev\/disk\/by-id\/ata-FIRN0009 on it; its disks are\n/,
  );
  const changed = layout();
  const { swap, ...rest } = changed.disk.main?.content.partitions ?? {};
  const { plan: another } = planDisks(
    {
      disk: {
        main: {
          device: disks[0].device,
          content: { type: "gpt", partitions: { ...rest, ...(swap ? { tmp: swap } : {}) } },
        },
      },
    },
    "net/dev/web",
  );
  await expect(prepareDisks(host, another, { erase: [] })).rejects.toThrow(
    "has partitions of another layout of this machine",
  );
  await expect(leadStoreToDisks(host, true)).rejects.toThrow("rescue: it has a Nix store of its own in /nix");
  await inside("mv /usr/sbin/mkfs.xfs /usr/sbin/mkfs.xfs.off");
  await expect(prepareDisks(host, plan(), { erase: [] })).rejects.toThrow(
    "there is no mkfs.xfs in the system that it runs now: install xfsprogs there",
  );
});
