# Takes store paths from a deployer, in one session: it is told which ones there are, says which ones are missing here,
# and takes those in.
# $1: the text of caches.sh
# $2: this machine's binary caches that answer; "?" where that is to be found out, if it is worth it
# $3: how many bytes must be missing for that
# $4: bytes that the store answers to a greeting; $5: to every path
set -f

# Milliseconds since the boot, without a process for it.
now() {
    read -r up _ </proc/uptime
    echo "${up%.*}${up#*.}0"
}

# First how many bytes of a list come, and how many bytes its paths have; then the list, "SIZE PATH" on every line.
read -r length total || exit
list=$(head -c "$length")
started=$(now)
paths=$(printf '%s\n' "$list" | cut -d' ' -f2)

invalid() { printf '%s\n' "$paths" | xargs -s 1000000 nix-store --check-validity --print-invalid; }

# Fetches what the caches in $1 have of the missing paths; what they do not give is left to the deployer.
fetch() {
    set -- --option substituters "$1" --option connect-timeout 2 --option download-attempts 2 \
        --option stalled-download-timeout 5
    offered=$(printf '%s\n' "$missing" |
        timeout 20 xargs nix-store --realise --dry-run "$@" 2>&1 |
        sed -n '/will be fetched/,/^[^ ]/ s/^  //p')
    [ -n "$offered" ] || return 0
    printf '%s\n' "$offered" | sed 's/^/firn:offered=/'
    printf '%s\n' "$offered" | xargs nix-store --realise --keep-going "$@" >/dev/null
    missing=$(invalid)
}

missing=$(invalid) || exit
if [ -n "$missing" ] && [ "$total" -ge "$3" ]; then
    size=$(printf '%s\n\n%s\n' "$list" "$missing" |
        awk '!NF { rest = 1 } !rest { size[$2] = $1 } rest { sum += size[$1] } END { print sum + 0 }')
    if [ "$size" -ge "$3" ]; then
        caches=$2
        [ "$caches" != "?" ] || caches=$(sh -c "$1" sh 1)
        [ -z "$caches" ] || fetch "$caches"
        echo "firn:caches=$caches"
    fi
fi
[ -z "$missing" ] || printf '%s\n' "$missing"

# A store may know paths whose files are gone.
absent=$(for path in $paths; do
    [ -e "$path" ] || [ -L "$path" ] || echo "$path"
done)
[ "$absent" = "$missing" ] ||
    printf '%s\n' $absent $missing $missing | sort | uniq -u | sed -n 's/^./firn:vanished=&/p'
programs=
for program in zstd gzip; do
    command -v $program >/dev/null && programs="$programs $program"
done
echo "firn:programs=$programs"
echo "firn:tookMs=$(($(now) - started))"

# How many paths come, and how many bytes of them as they are, if not all; after those, what unpacks the rest.
read -r count plain || exit 0
store() { nix-store --serve --write | wc -c; }
if [ "$plain" = all ]; then answered=$(store)
else answered=$({ [ "$plain" -eq 0 ] || head -c "$plain"; read -r unpack && $unpack; } | store); fi
[ "$answered" -eq $(($4 + $5 * count)) ] && exit

# A path that came half would take up room until the garbage is collected.
half=$(for path in $missing; do
    [ -e "$path" ] && echo "$path"
done | xargs nix-store --check-validity --print-invalid)
[ -z "$half" ] || nix-store --delete $half >/dev/null 2>&1
exit 1
