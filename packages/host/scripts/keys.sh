# The machine's half of sending keys. It runs as root and answers on standard output with firn:key=value lines.
#
#   inspect   reads paths, one a line; tells digest, owner and mode of those that are there, and what else it knows
#   place     reads a tar stream and puts the keys in it in place
#   settle    reads OWNER:GROUP PATH of the keys that stay, one a line: removes the others that it once placed, and
#             restarts the units that still run with an older value
#
# What is in a key is read from standard input only, and lies in a directory that is closed to others from its first
# byte on. Which paths are Firn's is kept on disk, because keys on disk outlive a boot; which units still have to be
# restarted is kept in memory, because a boot restarts them all.
set -u
umask 077
memory=/run/keys
placed=/var/lib/firn/keys
pending=/run/firn/keys/pending

fail() { printf '%s\n' "$1" >&2; exit 1; }
each() { tr '\n' '\0' | xargs -0 -r "$@"; }

lock() {
  mkdir -p /run/firn/keys /var/lib/firn
  exec 9>/run/firn/keys/lock
  flock -w 120 9 || fail "another deployment is sending keys to this machine"
}

# ---- inspect ----

inspect() {
  there=$(while IFS= read -r path; do if [ -f "$path" ] && ! [ -L "$path" ]; then printf '%s\n' "$path"; fi; done)
  if [ -n "$there" ]; then
    printf '%s\n' "$there" | each stat -c 'firn:file=%u %U %g %G %a %n' -- || exit
    printf '%s\n' "$there" | each sha256sum -- || exit
  fi
  if [ -e $placed ]; then sed 's/^/firn:placed=/' $placed; fi
  if [ -s $pending ]; then printf 'firn:pending=yes\n'; fi
}

# ---- place ----

place() {
  lock
  open_memory
  rm -rf $memory/.firn-??????
  stage=$(mktemp -d $memory/.firn-XXXXXX) || exit
  trap 'rm -rf "$stage"' EXIT
  trap 'exit 1' HUP INT TERM
  # Owners are named in the stream: root keeps what belongs to a user that this deployment is yet to make.
  tar -x -p -f - -C "$stage" || fail "the stream of keys could not be read"
  [ -e "$stage/end" ] || fail "the stream of keys ended early"
  { if [ -e $placed ]; then cat $placed; fi; cat "$stage/paths"; } | sort -u >$placed.new && mv -f $placed.new $placed || exit
  forget_started <"$stage/units"
  index=0
  while IFS= read -r directory; do
    place_into "$stage/$index" "$directory" || exit
    index=$((index + 1))
  done <"$stage/directories"
  note_started
}

# NixOS mounts a ramfs, which is never swapped out, over this directory; what lay there before would be hidden.
open_memory() {
  if ! grep -q " $memory " /proc/self/mounts; then
    mkdir -p $memory
    # Where nobody may mount, as in some containers, NixOS cannot either, and /run is memory as well.
    mount -t ramfs -o nosuid,nodev,mode=0750 ramfs $memory 2>/dev/null || :
  fi
  close_to_others $memory
}

close_to_others() {
  chmod 0750 "$1"
  chgrp keys "$1" 2>/dev/null || :
}

place_into() {
  if ! [ -d "$2" ]; then
    (umask 022 && mkdir -p -- "$2") || return
    [ "$2" != /var/lib/keys ] || close_to_others "$2"
  fi
  from=$1
  if [ "$(stat -c %d -- "$1")" != "$(stat -c %d -- "$2")" ]; then
    rm -rf "$2"/.firn-??????
    from=$(mktemp -d "$2/.firn-XXXXXX") || return
    trap 'rm -rf "$stage" "$from"' EXIT
    cp -a -- "$1/." "$from/" || return
    # A rename that outlives a power cut must not lead to a file that does not.
    sync -f "$from" 2>/dev/null || sync
  fi
  find "$from" -mindepth 1 -type f -print0 | xargs -0 -r sh -c 'mv -f -- "$@" "$0/"' "$2" || return
  [ "$from" = "$1" ] || rmdir "$from"
}

# ---- units ----
#
# Lines VERB UNIT INVOCATION: the unit runs with an older value as long as that invocation runs, or whatever runs
# where it is "-".

# Reads VERB UNIT lines of units whose keys are about to change.
forget_started() {
  if [ -e $pending ]; then cat $pending; fi >$pending.old
  awk -v old=$pending.old '{ changed[$1 " " $2] = 1; print $1, $2, "-" }
    END { while ((getline line <old) > 0) { split(line, field, " "); if (!(field[1] " " field[2] in changed)) print line } }' >$pending.new
  mv -f $pending.new $pending
  rm -f $pending.old
}

# A unit that is started after this has read the new value, and need not be started again.
note_started() {
  [ -s $pending ] || return 0
  states | awk '{ print $1, $2, ($3 == "-" ? $4 : $3) }' >$pending.new && mv -f $pending.new $pending
}

# The pending lines, with the current invocation and the state of each unit.
states() {
  # shellcheck disable=SC2046 # names without spaces
  systemctl show --property=InvocationID --property=ActiveState -- $(cut -d' ' -f2 $pending) |
    awk -F= 'BEGIN { RS = ""; FS = "[=\n]" }
      { id = "none"; for (i = 1; i < NF; i += 2) { if ($i == "InvocationID" && $(i + 1) != "") id = $(i + 1); if ($i == "ActiveState") state = $(i + 1) }
        print id, state }' | paste -d' ' $pending -
}

# ---- settle ----

settle() {
  lock
  stay=$(mktemp /run/firn/keys/stay.XXXXXX) || exit
  trap 'rm -f "$stay"' EXIT
  cat >"$stay"
  own
  remove
  restart_pending
}

# Users that own keys may have been made since the keys were placed.
own() {
  while IFS=' ' read -r owner path; do if [ -f "$path" ] && ! [ -L "$path" ]; then printf '%s\n' "$path"; fi; done <"$stay" |
    each stat -c '%u %U %g %G %n' -- | awk '
      FILENAME == ARGV[1] { path = $0; sub(/^[^ ]* /, "", path); split($1, part, ":"); user[path] = part[1]; group[path] = part[2]; next }
      { path = $0; sub(/^[^ ]* [^ ]* [^ ]* [^ ]* /, "", path)
        if ((user[path] != $1 && user[path] != $2) || (group[path] != $3 && group[path] != $4)) print user[path] ":" group[path] " " path }
    ' "$stay" - | while IFS=' ' read -r owner path; do
      chown -h -- "$owner" "$path" || exit
    done || exit
}

remove() {
  [ -e $placed ] || return 0
  cut -d' ' -f2- "$stay" | sort -u >$placed.new
  gone=$(awk 'FILENAME == ARGV[1] { stays[$0] = 1; next } !($0 in stays)' $placed.new $placed)
  if [ -n "$gone" ]; then
    printf '%s\n' "$gone" | each rm -f -- || exit
    printf '%s\n' "$gone" | sed 's/^/firn:removed=/'
  fi
  mv -f $placed.new $placed
  [ -s $placed ] || rm -f $placed
}

restart_pending() {
  [ -s $pending ] || return 0
  restart='' reload=''
  states >$pending.states
  while read -r verb unit since now state; do
    [ "$since" = - ] || [ "$since" = "$now" ] || continue
    case $state in
    active | activating | reloading | failed) ;;
    *) continue ;;
    esac
    case $verb in
    restart) restart="$restart $unit" ;;
    reload) reload="$reload $unit" ;;
    esac
  done <$pending.states
  rm -f $pending.states
  failed=''
  # shellcheck disable=SC2086 # names without spaces
  if [ -n "$restart" ]; then
    systemctl restart -- $restart || failed=1
    printf 'firn:restarted=%s\n' $restart
  fi
  # shellcheck disable=SC2086
  if [ -n "$reload" ]; then
    systemctl reload-or-restart -- $reload || failed=1
    printf 'firn:reloaded=%s\n' $reload
  fi
  if [ -n "$failed" ]; then
    for unit in $restart $reload; do
      case $(systemctl show --property=ActiveState --value -- "$unit") in
      active | reloading) continue ;;
      esac
      printf 'firn:failed=%s\n' "$unit"
      journalctl --no-pager --quiet --output=cat --lines=10 --unit="$unit" | sed 's/^/firn:journal=/'
    done
    exit 0
  fi
  rm -f $pending
}

"$1"
