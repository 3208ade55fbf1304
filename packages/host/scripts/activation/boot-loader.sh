# ---- boot loaders that can start an entry once ----
#
# systemd-boot: nixpkgs' builder writes an entry per generation and the default into loader.conf; the entry to start
# once is an EFI variable that systemd-boot deletes before it starts it. GRUB: `next_entry` in grubenv, which NixOS'
# grub.cfg takes and deletes, where GRUB can write to /boot's file system.

boot_loader() {
  if bootctl status 2>/dev/null | grep -q 'Product: systemd-boot'; then
    echo systemd-boot
  elif command -v grub-reboot >/dev/null && grep -q next_entry /boot/grub/grub.cfg 2>/dev/null; then
    case $(findmnt --noheadings --output SOURCE,FSTYPE --target /boot/grub) in
    /dev/mapper/* | /dev/md* | /dev/dm-* | *btrfs | *zfs) ;;
    *) echo grub ;;
    esac
  fi
}

boot_once() {
  kind=$(boot_loader)
  [ -n "$kind" ] && nix-env --profile $profile --switch-generation "$(get fallbackGeneration)" &&
    switch_to "$(get fallback)" boot || return 1
  case $kind in
  systemd-boot)
    entry=$(entry_of "$toplevel")
    # Where few generations get entries, the old system may have lost its own. A counter of boots is no part of a name.
    [ -n "$entry" ] && [ -n "$(entry_of "$(get fallback)")" ] &&
      bootctl set-oneshot "$(basename "$entry" | sed 's/+[0-9-]*\.conf$/.conf/')"
    ;;
  grub)
    entry=$(awk -v init="init=$toplevel/init" -F '"' '
      /^submenu "/ { menu = $2 ">" }
      /^ *}$/ { depth -= 1; if (depth == 0) menu = "" }
      /{$/ { depth += 1 }
      /^ *menuentry "/ { title = $2 }
      index($0 " ", init " ") { print menu title; exit }' /boot/grub/grub.cfg)
    [ -n "$entry" ] && grub-reboot "$entry"
    ;;
  esac
}

entry_of() { # SYSTEM
  for directory in "$(bootctl --print-boot-path)" "$(bootctl --print-esp-path)"; do
    grep -lE "init=$1/init( |$)" "$directory"/loader/entries/*.conf 2>/dev/null
  done | head -n 1
}

forget_once() {
  [ "$(get bootOnce)" = yes ] || return 0
  case $(boot_loader) in
  systemd-boot) bootctl set-oneshot '' ;;
  grub) grub-editenv /boot/grub/grubenv unset next_entry ;;
  esac
}
