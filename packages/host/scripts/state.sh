# What a machine runs, in one round trip. Prints firn:key=value lines; what does not exist is left out.
say() { printf 'firn:%s=%s\n' "$1" "$2"; }
link() { if [ -e "$2" ]; then say "$1" "$(readlink -f "$2")"; fi; }
link currentSystem /run/current-system
link bootedSystem /run/booted-system
link profile /nix/var/nix/profiles/system
say bootId "$(cat /proc/sys/kernel/random/boot_id)"
say kernel "$(uname -r)"
say architecture "$(uname -m)"
if [ -e /run/current-system/nixos-version ]; then say nixosVersion "$(cat /run/current-system/nixos-version)"; fi
exit 0
