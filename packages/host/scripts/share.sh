# Registers store paths of a store that the machine shares: their names on standard input up to an empty line, then what
# `nix-store --dump-db` says of them. Registers nothing where one of them is not to be seen.
seen=yes
while IFS= read -r path && [ -n "$path" ]; do [ -e "$path" ] || seen=no; done
if [ $seen = yes ]; then nix-store --load-db || exit; else cat >/dev/null; fi
echo "firn:shared=$seen"
