import { type NixModule, printModule } from "@firn/nix";
import { expect, test } from "vitest";
import { volumeModule } from "./volume.js";

test("a volume is mounted, formatted where it holds nothing, and grown", () => {
  const module = volumeModule("/dev/disk/by-id/data", { size: 20, mountPoint: "/srv/data" });
  expect(printModule(module as NixModule)).toMatchInlineSnapshot(`
    "{ config, ... }:
    {
      fileSystems."/srv/data" = {
        autoFormat = true;
        autoResize = true;
        device = "/dev/disk/by-id/data";
        fsType = "ext4";
        options = [
          "defaults"
          "nofail"
          "x-systemd.before=local-fs.target"
          "x-systemd.device-timeout=30s"
        ];
      };
      systemd.services.grow-srv-data = {
        description = "Grow the file system on /srv/data to 20 GB";
        restartTriggers = [ "20 GB" ];
        serviceConfig = {
          ExecStart = [ "\${config.systemd.package}/lib/systemd/systemd-growfs /srv/data" ];
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
