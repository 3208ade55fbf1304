# Reads store paths that this machine's store knows from standard input, one a line, and prints those whose files are
# gone or altered. It reads all of their files.
set -f
paths=$(cat)
present() { [ -e "$1" ] || [ -L "$1" ]; }
for path in $paths; do
    present "$path" || echo "$path"
done
for path in $paths; do
    present "$path" && echo "$path"
done | xargs nix-store --verify-path 2>&1 | sed -n "s/.*path '\([^']*\)' was modified.*/\1/p"
