# Makes a NixOS system the one that the next boot starts, on a machine that runs another distribution: TOPLEVEL.
# Its initial ramdisk finds the list below, moves that distribution to /old-root, and brings back what is on the list.
set -eu
toplevel=$1
list=/nix/.firn/take-over
nix-env --profile /nix/var/nix/profiles/system --set "$toplevel"
[ ! -e /old-root ] || mv /old-root "/old-root.$(date +%s)"
mkdir -p ${list%/*}
# The machine stays itself: for those who log in, and for DHCP.
for path in /etc/machine-id /etc/ssh/ssh_host_*; do [ ! -e "$path" ] || echo "${path#/}"; done >$list.new
mv $list.new $list
touch /etc/NIXOS
# switch-to-configuration of NixOS before 25.05 wants to see it even where it only makes a boot entry.
[ -e /run/current-system ] || ln -s "$toplevel" /run/current-system
NIXOS_INSTALL_BOOTLOADER=1 "$toplevel/bin/switch-to-configuration" boot
sync
