import { config, lib, nix } from "@firn/nix";

/**
 * NixOS configuration for a machine that starts with another distribution and becomes NixOS in place: the initial
 * ramdisk of its first boot moves that distribution aside. It does nothing at any other boot.
 *
 * Needs nothing of nixpkgs' own `NIXOS_LUSTRATE`, which the initial ramdisk with systemd (26.05's default) does not know.
 */
export function takeOverModule() {
  const systemd = config.boot.initrd.systemd.enable;
  return {
    boot: {
      initrd: {
        postMountCommands: lib.mkIf(nix`!${systemd}`, `(\nroot=$targetRoot\n${MOVE_ASIDE})\n`),
        systemd: {
          services: lib.mkIf(systemd, {
            "firn-take-over": {
              description: "Move the distribution that was here before aside",
              requires: ["sysroot.mount"],
              after: ["sysroot.mount"],
              before: ["initrd-root-fs.target"],
              requiredBy: ["initrd-root-fs.target"],
              unitConfig: {
                DefaultDependencies: false,
                ConditionPathExists: ["|/sysroot/nix/.firn/take-over", "|/sysroot/nix/.firn/take-over.moved"],
              },
              serviceConfig: { Type: "oneshot" },
              script: `root=/sysroot\n${MOVE_ASIDE}`,
            },
          }),
        },
      },
    },
  };
}

/**
 * Moves everything that is not Nix or the boot loader's to /old-root, and brings back what the list names. A power cut
 * in between is made up for by the next boot: a list that is still there is worked off, whatever is done of it.
 * It uses nothing but the shell and coreutils, which is what an initial ramdisk has.
 */
export const MOVE_ASIDE = `list=$root/nix/.firn/take-over
old=$root/old-root
PATH=/bin:/sbin:$PATH
is_mounted() {
  while read -r _ _ _ _ point _; do [ "$point" != "$1" ] || return 0; done < /proc/self/mountinfo
  return 1
}
if [ -e "$list" ]; then
  mkdir -p "$old"
  for entry in "$root"/* "$root"/.[!.]*; do
    case \${entry##*/} in nix | boot | old-root* | dev | proc | run | sys | lost+found) continue ;; esac
    if [ ! -e "$entry" ] && [ ! -L "$entry" ]; then continue; fi
    if is_mounted "$entry"; then continue; fi
    mv "$entry" "$old/"
  done
  mv "$list" "$list.moved"
fi
if [ -e "$list.moved" ]; then
  mkdir -p "$root/etc"
  while read -r kept; do
    if [ ! -e "$old/$kept" ]; then continue; fi
    case $kept in */*) mkdir -p "$root/\${kept%/*}" ;; esac
    cp -a "$old/$kept" "$root/\${kept%/*}/"
  done < "$list.moved"
  echo > "$root/etc/NIXOS"
  rm "$list.moved"
fi
`;
