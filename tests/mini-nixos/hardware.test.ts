import { printModule } from "@firn/nix";
import { expect, test } from "vitest";
import { DEBIAN_VM, factsOf } from "../../packages/host/src/testing/fake-host.js";
import { hardwareModule } from "../../packages/nixos/src/hardware/module.js";
import { evaluate, NIXPKGS } from "./evaluate.js";

test("the hardware half of a virtual machine that nobody wrote is a NixOS configuration that boots from its disk", async () => {
  const module = printModule(hardwareModule("web", factsOf(DEBIAN_VM)));
  const system = `(import ${NIXPKGS}/nixos/lib/eval-config.nix {
    system = "x86_64-linux";
    modules = [ (${module}) { system.stateVersion = "26.05"; } ];
  })`;
  const { value } = await evaluate(`let inherit (${system}) config; in {
    root = config.fileSystems."/".device;
    grub = config.boot.loader.grub.devices;
    swap = map (each: each.device) config.swapDevices;
    modules = config.boot.initrd.availableKernelModules;
    builds = builtins.isString config.system.build.toplevel.drvPath;
  }`);
  expect(value).toEqual({
    root: "/dev/disk/by-uuid/0f7a1c1e-5d0f-4c5d-9d0e-0d4b8a0c5a11",
    grub: ["/dev/sda"],
    swap: ["/swapfile"],
    modules: expect.arrayContaining(["sd_mod", "virtio_pci", "virtio_blk"]),
    builds: true,
  });
});
