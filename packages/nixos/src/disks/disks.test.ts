import { readFileSync } from "node:fs";
import { printModule } from "@firn/nix";
import ts from "typescript";
import { expect, test } from "vitest";
import { planLines } from "../../../host/src/install/disk-plan.js";
import type { DiskLayout } from "./layout.js";
import { disksModule } from "./module.js";
import { planDisks } from "./plan.js";

const root = { type: "filesystem", format: "ext4", mountpoint: "/" } as const;
const plain: DiskLayout = {
  disk: {
    main: {
      device: "/dev/sda",
      content: {
        type: "gpt",
        partitions: {
          root: { size: "100%", content: root },
          swap: { size: "2G", content: { type: "swap" } },
          boot: { size: "1M", type: "EF02" },
        },
      },
    },
  },
};

/** The mirror of disko's example/mdadm.nix, with a mirrored /boot. */
const member = (name: string) => ({ type: "mdraid", name }) as const;
const half = (device: string): DiskLayout["disk"][string] => ({
  type: "disk",
  device,
  content: {
    type: "gpt",
    partitions: {
      boot: { size: "1M", type: "EF02" },
      esp: { size: "500M", type: "EF00", content: member("esp") },
      mdadm: { size: "100%", content: member("raid1") },
    },
  },
});
const mirror: DiskLayout = {
  disk: { one: half("/dev/sda"), two: half("/dev/sdb") },
  mdadm: {
    esp: { level: 1, metadata: "1.0", content: { type: "filesystem", format: "vfat", mountpoint: "/boot" } },
    raid1: {
      level: 1,
      content: {
        type: "gpt",
        partitions: {
          primary: {
            size: "100%",
            content: {
              type: "btrfs",
              subvolumes: {
                "/root": { mountpoint: "/" },
                "/home": { mountpoint: "/home", mountOptions: ["compress=zstd"] },
              },
            },
          },
        },
      },
    },
  },
};

const lines = (layout: DiskLayout) =>
  planLines(planDisks(layout, "shop/prod/web").plan).replaceAll("\t", " ");

test("a disk becomes a table, file systems and mounts, with identifiers that are known beforehand", () => {
  expect(lines(plain)).toMatchInlineSnapshot(`
    "table 21040c85-07c4-5d3b-b525-455b193bf004 /dev/sda
    partition 573f378e-2b3c-51f9-b38e-2d73f44ad2ca 21686148-6449-6E6F-744E-656564454649 1 disk-main-boot empty
    partition 5780741f-94c9-544e-ba7b-172643f8c0d7 0657FD6D-A4AB-43C4-84E5-0933C84B4F4F 2048 disk-main-swap filled
    partition 8d157882-6b01-5412-8270-a33b5d188c41 0FC63DAF-8483-4772-8E79-3D69D8477DE4 - disk-main-root filled
    write
    format 5780741f-94c9-544e-ba7b-172643f8c0d7 swap d4fe49ae-10bf-5ca2-a02c-33aebc008c6d 5780741f-94c9-544e-ba7b-172643f8c0d7
    finish 5780741f-94c9-544e-ba7b-172643f8c0d7
    format 8d157882-6b01-5412-8270-a33b5d188c41 ext4 102f4335-7d61-5c6e-a572-765594bc9293 8d157882-6b01-5412-8270-a33b5d188c41
    finish 8d157882-6b01-5412-8270-a33b5d188c41
    mount 8d157882-6b01-5412-8270-a33b5d188c41 ext4 / defaults
    "
  `);
  expect(lines(plain)).toBe(lines(plain));
  expect(planLines(planDisks(plain, "shop/prod/db").plan)).not.toContain(lines(plain).split(" ")[1]);
});

test("mirrors are made of partitions, and may have a table or a file system", () => {
  expect(lines(mirror)).toMatchInlineSnapshot(`
    "table 5d346159-3ef5-5fb5-af7b-55015a8d83a1 /dev/sda
    partition 7afe2b3c-2a58-5a5d-8291-993f5d4d0323 21686148-6449-6E6F-744E-656564454649 1 disk-one-boot empty
    partition 00b1e9c2-8cc6-58df-964c-32191663cd38 C12A7328-F81F-11D2-BA4B-00A0C93EC93B 500 disk-one-esp filled
    partition eb8861be-1b60-5f05-98b8-a5a0179ce515 A19D880F-05FC-4D3B-A006-743F0F84911E - disk-one-mdadm filled
    write
    table 996372be-4589-5734-af3a-4aefaff9d1bc /dev/sdb
    partition d6614124-9515-5159-8f5d-df555f78a0bc 21686148-6449-6E6F-744E-656564454649 1 disk-two-boot empty
    partition dd65126f-c058-5ff9-9368-91eb2e51200e C12A7328-F81F-11D2-BA4B-00A0C93EC93B 500 disk-two-esp filled
    partition dabc8c43-8bdb-5997-8d16-81df70ae5741 A19D880F-05FC-4D3B-A006-743F0F84911E - disk-two-mdadm filled
    write
    array esp 89156d71:3bf151aa:ad8323bb:0438767a 1.0 00b1e9c2-8cc6-58df-964c-32191663cd38 dd65126f-c058-5ff9-9368-91eb2e51200e
    array raid1 71877c4a:d052594a:bb4d7673:2239c1f3 1.2 eb8861be-1b60-5f05-98b8-a5a0179ce515 dabc8c43-8bdb-5997-8d16-81df70ae5741
    table 3d5c451c-2685-5d1a-bcce-577dea52e72a /dev/md/raid1
    partition 2b19ecad-4f1f-5dc3-94c4-78c74e234b31 0FC63DAF-8483-4772-8E79-3D69D8477DE4 - mdadm-raid1-primary filled
    write
    finish eb8861be-1b60-5f05-98b8-a5a0179ce515 dabc8c43-8bdb-5997-8d16-81df70ae5741
    format /dev/md/esp vfat 3FFC-2FAA 00b1e9c2-8cc6-58df-964c-32191663cd38 dd65126f-c058-5ff9-9368-91eb2e51200e
    finish 00b1e9c2-8cc6-58df-964c-32191663cd38 dd65126f-c058-5ff9-9368-91eb2e51200e
    format 2b19ecad-4f1f-5dc3-94c4-78c74e234b31 btrfs 81635d7b-e682-5b4f-9428-c325d6e53932 2b19ecad-4f1f-5dc3-94c4-78c74e234b31
    subvolume 2b19ecad-4f1f-5dc3-94c4-78c74e234b31 root
    subvolume 2b19ecad-4f1f-5dc3-94c4-78c74e234b31 home
    finish 2b19ecad-4f1f-5dc3-94c4-78c74e234b31
    mount 2b19ecad-4f1f-5dc3-94c4-78c74e234b31 btrfs / subvol=root
    mount /dev/md/esp vfat /boot defaults
    mount 2b19ecad-4f1f-5dc3-94c4-78c74e234b31 btrfs /home subvol=home,compress=zstd
    "
  `);
});

test("file systems, swap and boot loader of the configuration follow from the layout", () => {
  expect(printModule(disksModule(planDisks(plain, "shop/prod/web")))).toMatchInlineSnapshot(`
    "{ lib, ... }:
    {
      boot.loader.grub = {
        devices = [ "/dev/sda" ];
        enable = lib.mkDefault true;
      };
      fileSystems."/" = {
        device = "/dev/disk/by-uuid/102f4335-7d61-5c6e-a572-765594bc9293";
        fsType = "ext4";
      };
      swapDevices = [ { device = "/dev/disk/by-uuid/d4fe49ae-10bf-5ca2-a02c-33aebc008c6d"; } ];
    }
    "
  `);
  expect(printModule(disksModule(planDisks(mirror, "shop/prod/web")))).toMatchInlineSnapshot(`
    "{ lib, ... }:
    {
      boot = {
        initrd.kernelModules = [ "raid1" ];
        loader.grub = {
          devices = [ "/dev/sda" "/dev/sdb" ];
          efiInstallAsRemovable = lib.mkDefault true;
          efiSupport = lib.mkDefault true;
          enable = lib.mkDefault true;
        };
        swraid = {
          enable = lib.mkDefault true;
          mdadmConf = lib.mkDefault "MAILADDR root";
        };
      };
      fileSystems = {
        "/" = {
          device = "/dev/disk/by-uuid/81635d7b-e682-5b4f-9428-c325d6e53932";
          fsType = "btrfs";
          options = [ "subvol=root" ];
        };
        "/boot" = {
          device = "/dev/disk/by-uuid/3FFC-2FAA";
          fsType = "vfat";
        };
        "/home" = {
          device = "/dev/disk/by-uuid/81635d7b-e682-5b4f-9428-c325d6e53932";
          fsType = "btrfs";
          options = [ "subvol=home" "compress=zstd" ];
        };
      };
      swapDevices = [ ];
    }
    "
  `);
});

test("disks with nothing but an EFI system partition boot with systemd-boot", () => {
  const efi: DiskLayout = {
    disk: {
      main: {
        device: "/dev/nvme0n1",
        content: {
          type: "gpt",
          partitions: {
            ESP: {
              size: "512M",
              type: "EF00",
              content: {
                type: "filesystem",
                format: "vfat",
                mountpoint: "/boot",
                mountOptions: ["umask=0077"],
              },
            },
            root: { size: "100%", content: { type: "filesystem", format: "xfs", mountpoint: "/" } },
          },
        },
      },
    },
  };
  const module = printModule(disksModule(planDisks(efi, "shop/prod/web")));
  expect(module).toContain("systemd-boot.enable = lib.mkDefault true");
  expect(module).toContain('options = [ "umask=0077" ]');
});

const changed = (change: (layout: ReturnType<typeof copy>) => void) => {
  const layout = copy();
  change(layout);
  return () => planDisks(layout as DiskLayout, "shop/prod/web");
};
// biome-ignore lint/suspicious/noExplicitAny: what plain JavaScript may hand over
const copy = (): any => structuredClone(plain);

test("what Firn does not partition is refused, with the place in the layout", () => {
  const partitions = (layout: ReturnType<typeof copy>) => layout.disk.main.content.partitions;
  expect(changed((l) => (partitions(l).root.content = { type: "luks", name: "crypt" }))).toThrow(
    'disks.disk.main.content.partitions.root.content: the content "luks" is none of filesystem, btrfs, swap, mdraid.',
  );
  expect(changed((l) => (l.zpool = {}))).toThrow(
    "disks.(layout): Firn does not partition with `zpool`; it knows disk, mdadm.",
  );
  expect(changed((l) => (partitions(l).root.end = "-1G"))).toThrow(
    "partitions.root: Firn does not partition with `end`",
  );
  expect(changed((l) => (partitions(l).root.content.format = "zfs"))).toThrow(
    '"zfs" is none of ext4, xfs, btrfs, vfat',
  );
  expect(changed((l) => (partitions(l).swap.size = "2 GB"))).toThrow('"2 GB" is no size of whole MiB');
  expect(changed((l) => (partitions(l).swap.size = "100%"))).toThrow("only the last partition");
  expect(changed((l) => (partitions(l).boot.type = "EF05"))).toThrow('"EF05" is none of');
  expect(changed((l) => (l.disk.main.device = "sda"))).toThrow('"sda" is no absolute path');
  expect(changed((l) => (l.disk.main.content.type = "table"))).toThrow(
    'disks.disk.main.content: the content "table"',
  );
  expect(changed((l) => delete partitions(l).root.content.mountpoint)).toThrow('nothing is mounted at "/"');
  expect(changed((l) => delete partitions(l).boot)).toThrow("nothing can start from these disks");
  expect(changed((l) => (partitions(l).root.content.mountOptions = ["a b"]))).toThrow("has blanks or commas");
  expect(changed((l) => (l.mdadm = { raid: { level: 0, content: root } }))).toThrow(
    "mdadm.raid.level: 0 is not 1",
  );
  expect(changed((l) => (l.mdadm = { raid: { level: 1, content: root } }))).toThrow("it has no member");
  expect(changed((l) => (partitions(l).swap.content = member("raid")))).toThrow(
    "disks.mdadm.raid: a partition is a member of it, and there is none.",
  );
});

test("the layout of the page about bare metal is one", async () => {
  const page = readFileSync(new URL("../../../../docs/how-to/bare-metal.md", import.meta.url), "utf8");
  const [, code = ""] = /```ts\n([\s\S]*?)```/.exec(page) ?? [];
  const module = ts.ModuleKind.ESNext;
  const { outputText } = ts.transpileModule(`${code}\nexport default disks;`, {
    compilerOptions: { module },
  });
  const { default: disks } = await import(`data:text/javascript,${encodeURIComponent(outputText)}`);
  const { plan, biosDevices } = planDisks(disks, "shop/prod/web");
  expect(plan.map(({ kind }) => kind)).toEqual([
    "table",
    "table",
    "array",
    "format",
    "format",
    "format",
    "mount",
  ]);
  expect(biosDevices).toEqual(["/dev/nvme0n1", "/dev/nvme1n1"]);
});
