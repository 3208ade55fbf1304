import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { parseRunningSystem } from "./running.js";

const STORE = "/nix/store/0123456789abcdfghijklmnpqrsvwxyz";
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** What `running.sh` prints on a NixOS server. */
const SAID = `firn:toplevel=${STORE}-nixos-system-store-25.11
firn:nixos=25.11.20251118.abcdef
firn:kernel=${STORE}-linux-6.12.8/bzImage
firn:etc=hosts\t${STORE}-hosts
firn:etc=systemd/system\t${STORE}-system-units
firn:etc=ssh/sshd_config\t${STORE}-sshd.conf-final
firn:unit=nginx.service\t${STORE}-unit-nginx.service/nginx.service
firn:unit=getty@.service\t../getty@.service
firn:unit=dbus.service\t${STORE}-dbus-1.14/etc/systemd/system/dbus.service
firn:unit=systemd-udevd.service.d/overrides.conf\t${STORE}-unit-systemd-udevd.service/systemd-udevd.service
firn:unit=multi-user.target.wants/nginx.service\t../nginx.service
${sha256("nginx")}  ./nginx.service
${sha256("dbus")}  ./dbus.service
\\${sha256("escaped")}  ./dev-disk-by\\\\x2duuid.swap
firn:unit=dev-disk-by\\x2duuid.swap\t${STORE}-unit-dev-disk-by-x2duuid.swap/x
${sha256("overrides")}  ./systemd-udevd.service.d/overrides.conf
firn:package=${STORE}-vim-9.1.1234
firn:package=${STORE}-perl5.40-Net-SSLeay-1.94
firn:package=${STORE}-openssh-10.2p1-man
firn:package=${STORE}-bash-completion-2.16
firn:package=${STORE}-nixos-rebuild
`;

test("a running system in the terms of a manifest, so that a preview can say what would change", () => {
  expect(parseRunningSystem(SAID)).toEqual({
    toplevel: `${STORE}-nixos-system-store-25.11`,
    nixos: "25.11.20251118.abcdef",
    kernel: "6.12.8",
    units: {
      "nginx.service": sha256("nginx").slice(0, 12),
      "systemd-udevd.service": sha256("overrides").slice(0, 12),
      "dev-disk-by\\x2duuid.swap": sha256("escaped").slice(0, 12),
    },
    etc: {
      hosts: sha256(`${STORE}-hosts`).slice(0, 12),
      "ssh/sshd_config": sha256(`${STORE}-sshd.conf-final`).slice(0, 12),
    },
    packages: {
      vim: "9.1.1234",
      "perl5.40-Net-SSLeay": "1.94",
      openssh: "10.2p1",
      "bash-completion": "2.16",
      "nixos-rebuild": "",
    },
  });
});

test("a host that runs no NixOS has none", () => {
  expect(parseRunningSystem("")).toBeUndefined();
});
