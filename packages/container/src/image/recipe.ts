import { createHash } from "node:crypto";

/** The release that the default image is made of. */
export const SUITE = "trixie";

/** Its packages, beside Debian's essential ones. */
export const PACKAGES = [
  "btrfs-progs",
  "busybox-static",
  "ca-certificates",
  "dbus",
  "iproute2",
  "nix-bin",
  "opendoas",
  "openssh-server",
  "procps",
  "sudo",
  "systemd",
  "systemd-sysv",
  "zstd",
];

/** What no machine reads. */
export const EXCLUDED_PATHS = ["/usr/share/doc/*", "/usr/share/locale/*", "/usr/share/man/*"];

/**
 * The only units that start; all others of the distribution are there but wanted by nobody. They lie under /usr/lib, so
 * that /etc/systemd/system is free for NixOS, which makes it a link.
 */
export const WANTED_UNITS = [
  "sysinit.target.wants/systemd-journald.service",
  "sysinit.target.wants/systemd-tmpfiles-setup.service",
  "sockets.target.wants/dbus.socket",
  "sockets.target.wants/systemd-journald-dev-log.socket",
  "sockets.target.wants/systemd-journald.socket",
  "multi-user.target.wants/dbus.service",
  "multi-user.target.wants/sshd.service",
  "multi-user.target.wants/systemd-user-sessions.service",
];

/** Removed from the root, as `rm -rf` would: keys and names that each machine has of its own, and what would start slowly. */
export const REMOVED_PATHS = [
  "etc/hostname",
  "etc/machine-id",
  "etc/ssh/ssh_host_ecdsa_key",
  "etc/ssh/ssh_host_ecdsa_key.pub",
  "etc/ssh/ssh_host_ed25519_key",
  "etc/ssh/ssh_host_ed25519_key.pub",
  "etc/ssh/ssh_host_rsa_key",
  "etc/ssh/ssh_host_rsa_key.pub",
  "etc/systemd/system",
  "usr/lib/systemd/system-generators",
  // systemctl would wait for it before it asks systemd itself to reboot.
  "usr/lib/systemd/system/dbus-org.freedesktop.login1.service",
  "usr/lib/systemd/system/systemd-logind.service",
  // NixOS' name for it is sshd.service: one unit under two names would ask for the port twice.
  "usr/lib/systemd/system/ssh.service",
  "usr/lib/systemd/system/ssh.socket",
];

export const DIRECTORIES = [
  "etc/systemd/system",
  "nix/store",
  "nix/var/nix",
  "usr/lib/systemd/system-generators",
];

/** Files of the root that Firn writes, by path. */
export const FILES: Readonly<Record<string, string>> = {
  // NixOS' switch-to-configuration runs only where this file is.
  "etc/NIXOS": "",
  "etc/hosts": "127.0.0.1 localhost\n::1 localhost\n",
  "etc/resolv.conf": "",
  "etc/nix/nix.conf": `substituters =
build-users-group =
sandbox = false
experimental-features = nix-command flakes
require-sigs = false
`,
  "usr/lib/firn/sshd_config": `HostKey /etc/ssh/ssh_host_ed25519_key
AuthorizedKeysFile .ssh/authorized_keys /etc/ssh/authorized_keys.d/%u
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
# NixOS' PAM modules, once they are in /etc, are not for this sshd.
UsePAM no
UseDNS no
MaxStartups 100
PerSourcePenalties no
`,
  "usr/lib/systemd/journald.conf.d/firn.conf": "[Journal]\nStorage=volatile\nRuntimeMaxUse=8M\n",
  "usr/lib/systemd/system/sshd.service": `[Unit]
Description=OpenSSH server
After=network.target

[Service]
Type=notify
RuntimeDirectory=sshd
ExecStart=/usr/sbin/sshd -D -f /usr/lib/firn/sshd_config
KillMode=process
Restart=on-failure
`,
};

/** Changes whenever anything above does: another recipe is another image. */
export const RECIPE_HASH = createHash("sha256")
  .update(JSON.stringify([SUITE, PACKAGES, EXCLUDED_PATHS, WANTED_UNITS, REMOVED_PATHS, DIRECTORIES, FILES]))
  .digest("hex")
  .slice(0, 12);
