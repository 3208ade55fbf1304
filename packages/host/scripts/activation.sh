# The machine's half of Firn's activation protocol. It takes its arguments by position and answers on standard error
# with firn:key=value lines; standard output is what switch-to-configuration says. What goes on is in
# /run/firn/activations/<id>, one file a value, so that a deployer that was cut off or killed finds it again.
#
#   begin ID TOPLEVEL GOAL OWNER CONFIRM_S ACTIVATION_S ON_FAILED_UNITS   starts it, then follows
#   follow ID OFFSET ROLE     reports until it is finished; OFFSET: bytes of output already seen, or "none"
#   status ID|last            prints what is known
#   run ID, cleanup ID        what systemd calls
#
# One activation at a time: the unit's name is the lock, so that it cannot outlive its holder.
set -u
base=/run/firn
unit=firn-activate.service
profile=/nix/var/nix/profiles/system
roots=/nix/var/nix/gcroots/firn
unfinished=/var/lib/firn/unfinished
stale_after=30

say() { printf 'firn:%s=%s\n' "$1" "$2" >&2; }
put() { printf '%s\n' "$2" >"$dir/.$1.$$" && mv -f "$dir/.$1.$$" "$dir/$1"; }
get() { if [ -e "$dir/$1" ]; then cat "$dir/$1"; fi; }
resolve() { if [ -e "$1" ]; then readlink -f "$1"; fi; }
uptime() { read -r up _ </proc/uptime; up=${up%%.*}; }
unit_lives() { case $(systemctl is-active "$unit" 2>/dev/null) in active | activating | deactivating | reloading) ;; *) false ;; esac; }
use() {
  id=$1 dir=$base/activations/$1
  [ "$1" != last ] || dir=$base/last
}

# ---- what the deployer calls ----

begin() {
  use "$1"
  toplevel=$2 goal=$3 owner=$4
  if ! [ -x "$toplevel/bin/switch-to-configuration" ]; then say result no-toplevel; exit 0; fi
  current=$(resolve /run/current-system) default=$(resolve $profile)
  say previous "$current"
  if ! [ -e $unfinished ]; then
    case $goal in
    switch) [ "$current" != "$toplevel" ] || [ "$default" != "$toplevel" ] || { say result unchanged; exit 0; } ;;
    test) [ "$current" != "$toplevel" ] || { say result unchanged; exit 0; } ;;
    boot) [ "$default" != "$toplevel" ] || { say result unchanged; exit 0; } ;;
    esac
  fi
  mkdir -p "$dir"
  put id "$id"; put toplevel "$toplevel"; put goal "$goal"; put owner "$owner"; put since "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
  put confirmSeconds "$5"; put activationSeconds "$6"; put onFailedUnits "$7"; put phase starting
  : >"$dir/output"
  beat alive
  tries=0
  until start 2>"$dir/start-error"; do
    if unit_lives; then
      ours=$dir
      use "$(systemctl show --property=Description --value "$unit" | sed -n 's/^Firn activation //p')"
      case $(get phase) in
      "" | finished) ;; # It has just ended; systemd needs a moment to let go of the name.
      *) rm -rf "$ours"; say result busy; report; exit 0 ;;
      esac
      use "$1"
    fi
    tries=$((tries + 1))
    if [ $tries -ge 20 ]; then
      say result not-started
      cat "$dir/start-error" >&2
      rm -rf "$dir"
      exit 0
    fi
    sleep 0.1
  done
  for old in $base/activations/*; do
    [ "$old" = "$dir" ] || [ "$old" = "$(resolve $base/last)" ] || rm -rf "$old"
  done
  say result started
  follow "$1" 0 watcher
}

start() {
  shell=$(command -v sh)
  systemd-run --quiet --collect --no-ask-password --service-type=exec --unit="$unit" \
    --description="Firn activation $id" --setenv=PATH="$PATH" --setenv=NIXOS_INSTALL_BOOTLOADER=0 \
    ${LOCALE_ARCHIVE:+--setenv=LOCALE_ARCHIVE="$LOCALE_ARCHIVE"} --property=TimeoutStopSec=180 \
    --property=ExecStopPost="$shell $script cleanup $id" -- "$shell" "$script" run "$id"
}

follow() {
  use "$1"
  offset=$2 last= ticks=0
  if ! [ -d "$dir" ]; then say result unknown; exit 0; fi
  # Sent to the background, a command reads from nowhere unless it is told otherwise.
  exec 3<&0
  listen "$3" $$ <&3 >/dev/null 2>&1 &
  listener=$!
  trap 'kill $listener 2>/dev/null' EXIT
  trap 'exit 0' TERM
  while :; do
    read -r phase <"$dir/phase"
    if [ "$offset" != none ]; then
      size=$(wc -c <"$dir/output")
      if [ "$size" -gt "$offset" ]; then
        tail -c "+$((offset + 1))" "$dir/output" | head -c $((size - offset))
        offset=$size
      fi
    fi
    if [ "$phase" != "$last" ]; then say phase "$phase"; last=$phase; fi
    if [ "$phase" = finished ]; then report; exit 0; fi
    # Killed together with its clean-up, it would never finish.
    if [ $((ticks % 10)) = 9 ] && ! unit_lives && [ "$(get phase)" = "$phase" ]; then put outcome interrupted; put phase finished; fi
    if [ $((ticks % 10)) = 0 ]; then say tick "$ticks"; fi
    ticks=$((ticks + 1))
    sleep 0.2
  done
}

# Takes the deployer's words; when they end, the deployer or its connection is gone.
listen() {
  while read -r word rest; do
    beat alive
    [ "$1" != confirmer ] || beat contact
    case $word in
    confirm) put confirm yes ;;
    reject) put reject "$rest" ;;
    esac
  done
  [ "$1" = confirmer ] || rm -f "$dir/alive"
  kill "$2"
}

beat() { uptime; put "$1" "$up"; }

report() {
  say id "$(get id)"
  for key in phase outcome reason toplevel previous goal owner since testExit commitExit rollbackExit failedUnits; do
    if [ -e "$dir/$key" ]; then say $key "$(get $key)"; fi
  done
  uptime
  seen=$(get alive)
  if [ -n "$seen" ] && [ $((up - seen)) -lt $stale_after ]; then say alive yes; else say alive no; fi
}

status() {
  use "$1"
  if ! [ -e "$dir/phase" ]; then say result unknown; exit 0; fi
  if [ "$(get phase)" != finished ] && ! unit_lives && [ "$(get phase)" != finished ]; then
    put outcome interrupted
    put phase finished
  fi
  say result known
  report
  if [ -e "$dir/output" ]; then cat "$dir/output"; fi
}

# ---- what the unit runs ----

run() {
  use "$1"
  exec </dev/null >>"$dir/output" 2>&1
  load
  previous=$(resolve /run/current-system)
  [ -z "$previous" ] || put previous "$previous"
  generation=$(readlink $profile 2>/dev/null | sed -n 's/^system-\([0-9]*\)-link$/\1/p')
  put generation "$generation"
  ln -sfn "$dir" $base/last
  mkdir -p $roots && ln -sfn "$toplevel" $roots/next && [ -n "$previous" ] && ln -sfn "$previous" $roots/previous
  case $goal in
  boot) commit ;;
  test) try && wait_for_confirmation ;;
  switch) try && wait_for_confirmation && commit ;;
  esac
  finish activated
}

load() {
  toplevel=$(get toplevel) goal=$(get goal) confirm_s=$(get confirmSeconds) activation_s=$(get activationSeconds)
  on_failed_units=$(get onFailedUnits) previous=$(get previous) generation=$(get generation)
}

switch_to() { timeout -k 30 "$activation_s" "$1/bin/switch-to-configuration" "$2"; }

try() {
  put phase testing
  code=0
  switch_to "$toplevel" test || code=$?
  put testExit $code
  case $code in
  0) ;;
  4)
    failed_units
    [ "$on_failed_units" = warn ] || roll_back "units failed:$failed"
    ;;
  124 | 137) roll_back "switch-to-configuration took longer than $activation_s s" ;;
  *) roll_back "switch-to-configuration test exited with $code" ;;
  esac
}

failed_units() {
  failed=$(systemctl list-units --state=failed --plain --no-legend --no-pager | while read -r name _; do printf ' %s' "$name"; done)
  put failedUnits "${failed# }"
  for name in $failed; do
    echo "the last lines of $name:"
    journalctl --no-pager --quiet --output=cat --lines=10 --unit="$name" | sed 's/^/    /'
  done
}

wait_for_confirmation() {
  uptime
  heard=$up
  put phase waiting
  until [ -e "$dir/confirm" ]; do
    [ ! -e "$dir/reject" ] || roll_back "$(get reject)"
    if [ -e "$dir/contact" ]; then read -r heard <"$dir/contact"; fi
    uptime
    [ $((up - heard)) -lt "$confirm_s" ] || roll_back "no confirmation came within $confirm_s s"
    sleep 0.1
  done
}

commit() {
  put phase committing
  mkdir -p /var/lib/firn && : >$unfinished
  put commitExit unknown
  code=0
  nix-env --profile $profile --set "$toplevel" || code=$?
  put commitExit $code
  [ $code = 0 ] || roll_back "the system profile could not be set"
  switch_to "$toplevel" boot || code=$?
  put commitExit $code
  [ $code = 0 ] || roll_back "the boot entry could not be made (switch-to-configuration boot exited with $code)"
  rm -f $unfinished
}

roll_back() {
  put reason "$1"
  echo "rolling back: $1"
  restore
}

restore() {
  put phase rolling-back
  code=0
  if [ -e "$dir/commitExit" ]; then
    if [ -n "$generation" ]; then
      { nix-env --profile $profile --switch-generation "$generation" && switch_to $profile boot && rm -f $unfinished; } || code=$?
    elif [ "$(resolve $profile)" = "$toplevel" ]; then
      rm -f $profile $unfinished
    fi
  fi
  if [ "$goal" != boot ]; then
    [ -n "$previous" ] || finish not-rolled-back
    switch_to "$previous" test || code=$?
  fi
  put rollbackExit $code
  case $code in
  0 | 4) finish rolled-back ;;
  *) finish rollback-failed ;;
  esac
}

finish() {
  put outcome "$1"
  rm -f $roots/next
  put phase finished
  exit 0
}

# Runs after the unit's process, however that ended.
cleanup() {
  use "$1"
  exec </dev/null >>"$dir/output" 2>&1
  load
  [ "$(get phase)" != finished ] || exit 0
  # The machine goes down: it boots the old system, because nothing became the default.
  if [ "$(systemctl is-system-running)" = stopping ]; then
    put reason "the machine was shut down or rebooted meanwhile"
    finish interrupted
  fi
  case $(get phase) in
  starting) finish interrupted ;;
  rolling-back) restore ;;
  *) roll_back "the activation was ended from outside" ;;
  esac
}

# What switch-to-configuration writes is for everyone; /run/firn itself is closed.
umask 022
script=$0 command=$1
shift
"$command" "$@"
