import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type NixModule, printModule } from "@firn/nix";
import { afterEach, beforeEach, expect, test } from "vitest";
import { UNLOCK } from "./luks.js";
import { volumeModule } from "./volume.js";

const run = promisify(execFile);

test("an encrypted volume is mounted when its key is there, and grows below its file system first", () => {
  const module = volumeModule("/dev/disk/by-id/data", {
    size: 20,
    mountPoint: "/srv/data",
    luks: { key: "disk" },
  });
  expect(printModule(module as NixModule)).toMatchInlineSnapshot(`
    "{ config, pkgs, ... }:
    {
      fileSystems."/srv/data" = {
        autoFormat = true;
        autoResize = true;
        device = "/dev/mapper/srv-data";
        fsType = "ext4";
        options = [
          "defaults"
          "nofail"
          "x-systemd.requires=luks-srv-data.service"
          "x-systemd.device-timeout=0"
        ];
      };
      imports = [
        {
          assertions = [
            {
              assertion = config ? firn.keys.disk;
              message = "The volume of /srv/data is encrypted with the key \\"disk\\", which this machine does not have. Declare it in the machine's keys.";
            }
          ];
          systemd.services.luks-srv-data = {
            after = [ "disk-key.service" ];
            description = "Unlock the volume of /srv/data";
            environment = {
              DEVICE = "/dev/disk/by-id/data";
              KEY = config.firn.keys.disk.path or "/run/keys/none";
              NAME = "srv-data";
            };
            path = [ pkgs.cryptsetup pkgs.util-linux ];
            preStop = "cryptsetup close \\"$NAME\\"";
            requires = [ "disk-key.service" ];
            restartIfChanged = false;
            script = ''
              tries=30
              while [ ! -e "$DEVICE" ] && [ $tries -gt 0 ]; do sleep 1; tries=$((tries - 1)); done
              if [ -e "/dev/mapper/$NAME" ]; then exit 0; fi
              if ! cryptsetup isLuks "$DEVICE"; then
                found=0
                what=$(blkid -p -o export "$DEVICE") || found=$?
                if [ "$found" != 2 ]; then
                  echo "$DEVICE is not encrypted and carries something already, so it is not formatted: $what" >&2
                  exit 1
                fi
                cryptsetup luksFormat --batch-mode --type luks2 --key-file "$KEY" "$DEVICE"
              fi
              cryptsetup open --type luks --key-file "$KEY" "$DEVICE" "$NAME"
            '';
            serviceConfig = {
              RemainAfterExit = true;
              Type = "oneshot";
            };
          };
        }
      ];
      systemd.services.grow-srv-data = {
        description = "Grow the file system on /srv/data to 20 GB";
        restartTriggers = [ "20 GB" ];
        serviceConfig = {
          ExecStart = [
            "\${pkgs.cryptsetup}/bin/cryptsetup resize --key-file \${config.firn.keys.disk.path or "/run/keys/none"} srv-data"
            "\${config.systemd.package}/lib/systemd/systemd-growfs /srv/data"
          ];
          RemainAfterExit = true;
          Type = "oneshot";
        };
        unitConfig.RequiresMountsFor = "/srv/data";
        wantedBy = [ "multi-user.target" ];
      };
    }
    "
  `);
});

/** A disk is a file here, and `cryptsetup` a script that knows LUKS' first bytes and says what it was told. */
let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "firn-luks-"));
  const cryptsetup = `#!/bin/sh
echo "$*" >> ${directory}/said
case $1 in
  isLuks) [ "$(head -c 4 "$2")" = LUKS ] ;;
  luksFormat) for disk; do :; done; printf 'LUKS\\272\\276' | dd of="$disk" conv=notrunc 2>/dev/null ;;
esac
`;
  await writeFile(join(directory, "cryptsetup"), cryptsetup, { mode: 0o755 });
  await writeFile(join(directory, "disk"), Buffer.alloc(4 << 20));
});
afterEach(() => rm(directory, { recursive: true }));

/** Unlocks the disk as the unit does; the last one of its words says what was done. */
async function unlock(): Promise<string[]> {
  const env = {
    PATH: `${directory}:${process.env.PATH}:/usr/sbin:/sbin`,
    DEVICE: join(directory, "disk"),
    NAME: "firn-test-data",
    KEY: "/run/keys/disk",
  };
  await run("sh", ["-eu", "-c", UNLOCK], { env });
  const said = await readFile(join(directory, "said"), "utf8");
  await rm(join(directory, "said"));
  return said
    .trimEnd()
    .split("\n")
    .map((line) => line.split(" ")[0] ?? "");
}

test("an empty disk is formatted once, and opened from then on", async () => {
  expect(await unlock()).toEqual(["isLuks", "luksFormat", "open"]);
  expect(await unlock()).toEqual(["isLuks", "open"]);
});

test.each([
  ["a file system", ["mkfs.ext4", "-q"], "TYPE=ext4"],
  ["swap space", ["mkswap"], "TYPE=swap"],
])("a disk that carries %s is left as it is", async (_what, [program = "", ...args], found) => {
  const disk = join(directory, "disk");
  await run(program, [...args, disk], { env: { PATH: `${process.env.PATH}:/usr/sbin:/sbin` } });
  const before = await run("sha256sum", [disk]);
  await expect(unlock()).rejects.toThrow(found);
  await expect(unlock()).rejects.toThrow("so it is not formatted");
  expect((await run("sha256sum", [disk])).stdout).toBe(before.stdout);
});

test("a disk of partitions is left as it is", async () => {
  const table = Buffer.alloc(512);
  table.writeUInt8(0x83, 446 + 4);
  table.writeUInt32LE(1, 446 + 8);
  table.writeUInt32LE(100, 446 + 12);
  table.writeUInt16LE(0xaa55, 510);
  await writeFile(join(directory, "disk"), Buffer.concat([table, Buffer.alloc(4 << 20)]));
  await expect(unlock()).rejects.toThrow("PTTYPE=dos");
});
