# The parts of the NixOS system that runs, in one round trip. Prints firn:key=value lines, and sha256sum's of units.
say() { printf 'firn:%s=%s\n' "$1" "$2"; }
[ -e /run/current-system/activate ] || exit 0
system=$(readlink -f /run/current-system)
say toplevel "$system"
# The first one is without what may be added to the label.
version=$(sed -n 's/^BUILD_ID="\{0,1\}\([^"]*\).*/\1/p' "$system/etc/os-release")
say nixos "${version:-$(cat "$system/nixos-version")}"
if [ -e "$system/kernel" ]; then say kernel "$(readlink -f "$system/kernel")"; fi
find "$system/etc/" -type l -printf 'firn:etc=%P\t%l\n'
units=$system/etc/systemd/system
find "$units/" -maxdepth 2 -type l -printf 'firn:unit=%P\t%l\n'
(cd "$units" && find . -maxdepth 1 -name '*.*' -type l -exec test -f {} \; -exec sha256sum {} +)
(cd "$units" && find . -mindepth 2 -maxdepth 2 -path '*.d/overrides.conf' -exec sha256sum {} +)
nix-store --query --references "$(readlink -f "$system/sw")" 2>/dev/null | sed 's/^/firn:package=/'
exit 0
