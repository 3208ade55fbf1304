import { beforeAll, expect, test } from "vitest";
import { type ExistingHostArgs, existing } from "./existing.js";
import { type MadeResource, machinesOf, mockResources, provisioned } from "./testing/target.js";

let made: MadeResource[];
const spec = machinesOf();

beforeAll(async () => {
  made = await mockResources(() => ({}));
});

const host = (more: Partial<ExistingHostArgs> = {}) =>
  existing({ web: { address: "192.0.2.7", hostKey: "ssh-ed25519 HOST", ...more } }).provision(
    spec("web"),
    {},
  );

test("a host has the half of its configuration that its owner wrote, and is looked at before it is taken over", async () => {
  const web = host({ modules: ["./hardware.nix"] });
  expect(web).toMatchObject({ existing: "system", modules: ["./hardware.nix"] });
  expect(web.install).toBeUndefined();
  expect((await provisioned(web, made)).module).toBe("{ ... }:\n{ }\n");
});

test("a host of another distribution becomes NixOS with the initial ramdisk that moves it aside", async () => {
  const web = host({ install: "in-place" });
  expect(web.install).toBe("in-place");
  expect((await provisioned(web, made)).module).toContain("firn-take-over = {");
});

test("a host that runs a rescue system gets disks, and file systems and boot loader that follow from them", async () => {
  const disks = {
    disk: {
      main: {
        device: "/dev/vda",
        content: {
          type: "gpt",
          partitions: {
            boot: { size: "1M", type: "EF02" },
            root: { size: "100%", content: { type: "filesystem", format: "xfs", mountpoint: "/" } },
          },
        },
      },
    },
  } as const;
  const web = host({ install: "disk", disks });
  expect(web).toMatchObject({ install: "disk", existing: "system" });
  expect(web.disks?.map(({ kind }) => kind)).toEqual(["table", "format", "mount"]);
  const { module } = await provisioned(web, made);
  expect(module).toContain('devices = [ "/dev/vda" ]');
  expect(module).toContain('fsType = "xfs"');
  expect(module).not.toContain("firn-take-over");
  expect(() => host({ install: "disk" })).toThrow(
    'web has install: "disk", and no disks: one goes with the other.',
  );
  expect(() => host({ disks })).toThrow('web has disks, and not install: "disk"');
});

test("a host that stays what it is gets a profile instead of a system", async () => {
  const web = host({ manage: "services" });
  expect(web.existing).toBe("services");
  const { module } = await provisioned(web, made);
  expect(module).toContain("firnServices = ");
  expect(module).toContain('"!/run/current-system"');
});

test("a machine that nobody named is an error", () => {
  expect(() => existing({}).provision(spec("db"), {})).toThrow('existing() has no host for the machine "db"');
});
