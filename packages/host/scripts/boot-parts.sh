# What a machine needs a reboot for: prints, as firn:key=value lines, which kernel, initrd and kernel modules it booted
# with and which the system $1 has, and what stands in the way of a switch (nixpkgs' switch-inhibitors, JSON).
# Also the boot that it is in.
say() { printf 'firn:%s=%s\n' "$1" "$2"; }
parts() {
  for part in kernel initrd kernel-modules; do
    if [ -e "$2/$part" ]; then say "$1.$part" "$(readlink -f "$2/$part")"; fi
  done
}
say bootId "$(cat /proc/sys/kernel/random/boot_id)"
if [ -e /run/booted-system ]; then say bootedSystem "$(readlink -f /run/booted-system)"; fi
parts booted /run/booted-system
parts wanted "$1"
if [ -e /run/current-system/switch-inhibitors ]; then say runningInhibitors "$(tr -d '\n' </run/current-system/switch-inhibitors)"; fi
if [ -e "$1/switch-inhibitors" ]; then say wantedInhibitors "$(tr -d '\n' <"$1/switch-inhibitors")"; fi
exit 0
