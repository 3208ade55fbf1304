# Takes store paths from a deployer, in one session: it is told which ones there are, says which ones are missing here,
# and takes those in.
# $1: bytes of the list that comes first on standard input, with "SIZE PATH" on every line
# $2: the text of caches.sh
# $3: this machine's binary caches that answer; "?" where that is to be found out, if it is worth it
# $4: how many bytes must be missing for that
# $5: bytes that the store answers to a greeting; $6: to every path
set -f
started=$(date +%s%3N)
list=$(head -c "$1")
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
if [ -n "$missing" ]; then
    size=$(printf '%s\n\n%s\n' "$list" "$missing" |
        awk '!NF { rest = 1 } !rest { size[$2] = $1 } rest { sum += size[$1] } END { print sum + 0 }')
    caches=$3
    if [ "$size" -ge "$4" ]; then
        [ "$caches" != "?" ] || caches=$(sh -c "$2" sh 1)
        [ -z "$caches" ] || fetch "$caches"
        echo "firn:caches=$caches"
    fi
    printf '%s\n' "$missing"
fi

# A store may know paths whose files are gone.
absent=$(for path in $paths; do
    [ -e "$path" ] || [ -L "$path" ] || echo "$path"
done)
printf '%s\n' $absent $missing $missing | sort | uniq -u | sed -n 's/^./firn:vanished=&/p'
programs=
for program in zstd gzip; do
    command -v $program >/dev/null && programs="$programs $program"
done
echo "firn:programs=$programs"
echo "firn:tookMs=$(($(date +%s%3N) - started))"

# How many paths come, and how many bytes of them come as they are; after those, what unpacks the rest.
read -r count plain || exit 0
answered=$({ head -c "$plain" && read -r unpack && $unpack; } | nix-store --serve --write | wc -c)
[ "$answered" -eq $(($5 + $6 * count)) ] && exit

# A path that came half would take up room until the garbage is collected.
half=$(for path in $missing; do
    [ -e "$path" ] && echo "$path"
done | xargs nix-store --check-validity --print-invalid)
[ -z "$half" ] || nix-store --delete $half >/dev/null 2>&1
exit 1
