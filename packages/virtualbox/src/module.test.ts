import { type NixModule, printModule } from "@firn/nix";
import { expect, test } from "vitest";
import { virtualboxModule } from "./module.js";

const common = {
  deployPublicKey: "ssh-ed25519 DEPLOY",
  address: "192.168.57.10",
  prefixLength: 24,
  sharedFolders: {},
} as const;
const text = (args: Parameters<typeof virtualboxModule>[0]) =>
  printModule(virtualboxModule(args) as NixModule);

test("a machine from Debian's image boots by BIOS, and its second interface has the address", () => {
  expect(text({ ...common, distribution: "debian" })).toMatchSnapshot();
});

test("one from Ubuntu's finds its file systems by label, one from nixpkgs' image by the label that it has", () => {
  expect(text({ ...common, distribution: "ubuntu" })).toContain("by-label/cloudimg-rootfs");
  expect(text({ ...common, distribution: "nixos" })).toContain("/dev/disk/by-label/nixos");
});

test("shared folders are mounted where they are asked to be, and DHCP gives an address that is not chosen", () => {
  const sharedFolders = {
    src: { hostPath: "/home/me/src", mountPoint: "/srv/src", readOnly: false },
    docs: { hostPath: "/home/me/docs" },
  };
  const printed = text({ ...common, distribution: "debian", address: undefined, sharedFolders });
  expect(printed).toMatch(
    /"\/srv\/src" = \{\s+device = "src";\s+fsType = "vboxsf";\s+options = \[ "rw" "nofail" \];/,
  );
  expect(printed).not.toContain("docs");
  expect(printed).not.toContain("eth1");
});
