# Nix for a machine that has none: STEP [NIX]. Steps may be repeated.
set -eu
step=$1 nix=${2:-}
store=/nix/store incoming=/nix/.firn/incoming profile=/nix/var/nix/profiles/default
case $step in
# Says which store paths are here, whole.
list)
  mkdir -p $store
  ls $store
  ;;
# Takes a gzipped tar archive on standard input: store paths, and a file `complete` as the last one.
receive)
  rm -rf $incoming
  mkdir -p $incoming
  gzip -dc | tar -xf - -C $incoming --no-same-owner
  [ -e $incoming/complete ] || { echo "the stream was cut" >&2; exit 1; }
  rm $incoming/complete
  for path in $incoming/*; do
    [ -e "$store/${path##*/}" ] || [ ! -e "$path" ] || mv "$path" $store/
  done
  rm -rf $incoming
  ;;
# Tells the Nix that has come what is in its store, as `nix-store --dump-db` says on standard input.
register)
  mkdir -p "${profile%/*}" /nix/var/nix/gcroots
  "$nix/bin/nix-store" --load-db
  ln -sfn "$nix" $profile
  sync
  ;;
esac
