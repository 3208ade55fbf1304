# Installs a NixOS system on disks that are mounted below TARGET, from a system that runs from somewhere else:
#   look TARGET              says whether that can be, and changes nothing
#   store TARGET             has what comes into /nix lie on the disks
#   install TARGET TOPLEVEL  makes a system, whose store paths have come, what the disks start
set -eu
step=$1 target=$2 toplevel=${3:-}
case $step in
look | store)
    [ ! /nix -ef "$target/nix" ] || exit 0
    if [ -n "$(ls -A /nix 2>/dev/null)" ]; then
        echo "it has a Nix store of its own in /nix, which it may run from: use a rescue system without Nix, such as Hetzner's or a live Debian" >&2
        exit 3
    fi
    [ "$step" = store ] || exit 0
    mkdir -p /nix "$target/nix"
    mount --bind "$target/nix" /nix
    ;;
install)
    nix-env --profile /nix/var/nix/profiles/system --set "$toplevel"
    mkdir -p -m 755 "$target/dev" "$target/proc" "$target/sys" "$target/run" "$target/etc/ssh"
    mkdir -p -m 1777 "$target/tmp"
    # The machine answers with the key that it is known by.
    cp -p /etc/ssh/ssh_host_*_key /etc/ssh/ssh_host_*_key.pub "$target/etc/ssh/"
    echo >"$target/etc/NIXOS"
    # As nixos-install does, in mounts of its own, which end with it.
    unshare --mount sh -eu -c '
        mount --rbind /dev "$1/dev"
        mount --rbind /sys "$1/sys"
        mount -t proc proc "$1/proc"
        mount -t tmpfs -o mode=755 tmpfs "$1/run"
        export PATH="$2/sw/bin:$PATH"
        IN_NIXOS_ENTER=1 chroot "$1" "$2/activate" >&2 || echo "parts of the activation failed" >&2
        NIXOS_INSTALL_BOOTLOADER=1 chroot "$1" "$2/bin/switch-to-configuration" boot
    ' sh "$target" "$toplevel"
    sync
    ;;
esac
