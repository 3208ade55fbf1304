# Facts of a host, in one round trip and as any user: [ROOT], the directory under which its files lie.
# Prints firn:key=value lines; fields of a value are separated by tabs; what does not exist is left out.
root=${1:-}
say() {
  printf 'firn:%s=%s' "$1" "${2:-}"
  [ $# -lt 3 ] || { shift 2 && printf '\t%s' "$@"; }
  echo
}
# The first line of a file, or nothing.
first() { line= && if [ -r "$root$1" ]; then IFS= read -r line <"$root$1" || :; fi && printf %s "$line"; }
# Every line of what is read, as a value.
each() { while IFS= read -r line; do say "$1" "$line"; done; }
link() { if [ -e "$root$2" ]; then say "$1" "$(readlink -f "$root$2")"; fi; }
name_of() { if [ -e "$1" ]; then basename "$(readlink -f "$1")"; fi; }
has() { command -v "$1" >/dev/null 2>&1; }

say hostname "$(uname -n)"
say architecture "$(uname -m)"
say kernel "$(uname -r)"
sed -n 's/^MemTotal: *\([0-9]*\) kB/firn:memoryKib=\1/p' "$root/proc/meminfo"
say cores "$(grep -c '^processor' "$root/proc/cpuinfo")"
sed -n 's/^vendor_id[[:space:]]*: */firn:cpuVendor=/p' "$root/proc/cpuinfo" | head -n 1
sed -n 's/^flags[[:space:]]*:.* \(vmx\|svm\)\( .*\)*$/firn:cpuVirtualization=\1/p' "$root/proc/cpuinfo" | head -n 1
sed -n 's/^\(ID\|VERSION_ID\|PRETTY_NAME\)=/firn:os.\1=/p' "$root/etc/os-release"
say init "$(first /proc/1/comm)"
if has systemctl; then say systemd "$(systemctl --version | head -n 1)"; fi
if has systemd-detect-virt; then say virtualization "$(systemd-detect-virt)"; fi
if has nix-store; then say nix "$(nix-store --version)"; fi
# Services of Firn's on a host that stays another distribution's have no activation script.
if [ -e "$root/run/current-system/activate" ]; then
  link currentSystem /run/current-system
  link profile /nix/var/nix/profiles/system
  say nixosVersion "$(first /run/current-system/nixos-version)"
fi
if [ -d "$root/sys/firmware/efi" ]; then say efi yes; fi
# What systemd-boot and newer GRUB leave in a variable everybody may read, unlike the partition that they lie on.
loader=$(cat "$root"/sys/firmware/efi/efivars/LoaderInfo-* 2>/dev/null | tr -cd 'A-Za-z-')
case $loader in
*systemd-boot*) say bootLoader systemd-boot ;;
*)
  if [ -e "$root/boot/extlinux/extlinux.conf" ]; then say bootLoader extlinux; fi
  if [ -e "$root/boot/loader/loader.conf" ] || [ -e "$root/efi/loader/loader.conf" ]; then say bootLoader systemd-boot; fi
  if [ -e "$root/boot/grub/grub.cfg" ] || [ -e "$root/boot/grub2/grub.cfg" ]; then say bootLoader grub; fi
  ;;
esac
say user "$(id -un)"
say uid "$(id -u)"
for method in sudo doas; do
  if has $method; then
    if $method -n true >/dev/null 2>&1 </dev/null; then say $method free; else say $method password; fi
  fi
done

# What udev knows of a device, readable by everybody.
udev() { sed -n "s/^E:$1=//p" "$root/run/udev/data/b$device" 2>/dev/null | head -n 1; }
for block in "$root"/sys/block/*; do
  name=${block##*/} at=/sys/block/${block##*/}
  case $name in loop* | ram* | zram* | sr* | fd* | '*') continue ;; esac
  device=$(first "$at/dev")
  serial=$(udev ID_SERIAL_SHORT)
  say disk "$name" "$(first "$at/size")" "$(first "$at/removable")" "$(first "$at/queue/rotational")" \
    "$(first "$at/device/model")" "${serial:-$(first "$at/device/serial")}" "$(udev ID_PART_TABLE_TYPE)" \
    "$(udev ID_FS_TYPE)" "$(first "$at/dm/name")" "$(first "$at/dm/uuid")" "$(ls "$block/slaves" 2>/dev/null | tr '\n' ' ')"
  for part in "$block"/*/partition; do
    if [ ! -e "$part" ]; then continue; fi
    own=${part%/partition} && own=${own##*/}
    device=$(first "$at/$own/dev")
    say partition "$own" "$name" "$(first "$at/$own/size")" "$(udev ID_FS_TYPE)"
  done
done
for kind in uuid label; do
  for entry in "$root/dev/disk/by-$kind"/*; do
    if [ -L "$entry" ]; then say $kind "$(basename "$(readlink "$entry")")" "${entry##*/}"; fi
  done
done
each mount <"$root/proc/self/mountinfo"
if [ -r "$root/proc/swaps" ]; then sed -n '2,$p' "$root/proc/swaps" | each swap; fi

for interface in "$root"/sys/class/net/*; do
  if [ -e "$interface/device" ]; then say interface "${interface##*/}" "$(first "/sys/class/net/${interface##*/}/address")"; fi
done
if has ip; then
  ip -o address show scope global | each address
  { ip -o -4 route show default && ip -o -6 route show default; } 2>/dev/null | each route
fi
sed -n 's/^nameserver[[:space:]]*/firn:nameserver=/p' "$root/etc/resolv.conf" 2>/dev/null
for key in "$root"/etc/ssh/ssh_host_*_key.pub; do if [ -r "$key" ]; then each hostKey <"$key"; fi; done

# What nixos-generate-config looks at to find the modules of the initial ramdisk.
for device in "$root"/sys/bus/pci/devices/*; do
  at=/sys/bus/pci/devices/${device##*/}
  if [ -e "$device" ]; then say pci "$(first "$at/class")" "$(first "$at/vendor")" "$(first "$at/device")" "$(name_of "$device/driver/module")"; fi
done
for device in "$root"/sys/bus/usb/devices/*; do
  at=/sys/bus/usb/devices/${device##*/}
  if [ -e "$device/bInterfaceClass" ]; then
    say usb "$(first "$at/bInterfaceClass")" "$(first "$at/bInterfaceProtocol")" "$(name_of "$device/driver/module")"
  fi
done
for device in "$root"/sys/class/block/* "$root"/sys/class/mmc_host/*; do
  module=$(name_of "$device/device/driver/module")
  if [ -n "$module" ]; then say storageModule "$module"; fi
done
exit 0
