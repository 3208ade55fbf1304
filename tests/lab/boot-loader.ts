import type { LabContainer } from "./lab.js";

/**
 * What starts a lab machine instead of firmware and boot loader: it reads what nixpkgs' installers write, starts what a
 * real one would, and forgets what was to be started once before it does.
 */
const STARTERS = {
  "systemd-boot": {
    init: `entry=$(cat /boot/loader/oneshot 2>/dev/null || sed -n 's/^default //p' /boot/loader/loader.conf 2>/dev/null)
rm -f /boot/loader/oneshot
init=$(sed -n 's/^options init=\\([^ ]*\\).*/\\1/p' "/boot/loader/entries/$entry" 2>/dev/null)`,
    programs: {
      bootctl: `case $1 in
status) echo "Current Boot Loader:"; echo "      Product: systemd-boot 257.7" ;;
--print-boot-path | --print-esp-path) echo /boot ;;
set-oneshot) if [ -n "$2" ]; then echo "$2" >/boot/loader/oneshot; else rm -f /boot/loader/oneshot; fi ;;
*) exit 1 ;;
esac`,
    },
  },
  grub: {
    init: `next=$(sed -n 's/^next_entry=//p' /boot/grub/grubenv 2>/dev/null)
rm -f /boot/grub/grubenv
init=$(awk -v next_entry="$next" -F '"' '/^submenu "/ { menu = $2 ">" } /^menuentry "/ { title = menu $2 }
/^  linux / && (next_entry == "" || title == next_entry) { sub(/.* init=/, ""); sub(/ .*/, ""); print; exit }' /boot/grub/grub.cfg 2>/dev/null)`,
    programs: {
      "grub-reboot": `echo "next_entry=$1" >/boot/grub/grubenv`,
      "grub-editenv": `[ "$2" = unset ] && rm -f "$1"`,
    },
  },
} as const;

/** Gives a machine a boot loader that can start an entry once. Before NixOS has entries, it starts the image's systemd. */
export async function installBootLoader(machine: LabContainer, kind: keyof typeof STARTERS): Promise<void> {
  const { init, programs } = STARTERS[kind];
  const write = (path: string, text: string) =>
    machine.exec([
      "sh",
      "-c",
      'mkdir -p /boot && printf "%s" "$2" >"$1.new" && chmod 755 "$1.new" && mv -f "$1.new" "$1"',
      "sh",
      path,
      text,
    ]);
  await write("/sbin/init", `#!/bin/sh\n${init}\nexec "\${init:-/lib/systemd/systemd}" "$@"\n`);
  for (const [name, text] of Object.entries(programs))
    await write(`/usr/local/bin/${name}`, `#!/bin/sh\n${text}\n`);
}

/** The entry that a machine's loader starts by default: a store path of a system. */
export async function defaultEntry(machine: LabContainer): Promise<string> {
  const script = `entry=$(sed -n 's/^default //p' /boot/loader/loader.conf); sed -n 's|^options init=\\(.*\\)/init.*|\\1|p' "/boot/loader/entries/$entry"`;
  return (await machine.exec(["sh", "-c", script])).trim();
}
