# ---- what the deployer calls ----
#
#   begin ID TOPLEVEL GOAL OWNER CONFIRM_S ACTIVATION_S FAILED_UNITS REBOOT KEEP   starts it, then follows
#   follow ID OFFSET ROLE     reports until it is finished; OFFSET: bytes of output already seen, or "none"
#   status ID|last            prints what is known
#
# FAILED_UNITS: lines `POLICY PATTERN`; the first whose pattern matches a unit decides. REBOOT: yes; changed, which is
# yes unless the system is the same; no.
# KEEP: how many generations stay, or "all".

begin() {
  settle_trial
  tell_last
  use "$1"
  toplevel=$2 goal=$3 owner=$4
  if ! [ -x "$toplevel/bin/switch-to-configuration" ]; then say result no-toplevel; exit 0; fi
  current=$(resolve /run/current-system) default=$(resolve $profile)
  say previous "$current"
  say bootDefault "$default"
  if ! [ -e $unfinished ] && [ "$8" != yes ]; then
    case $goal in
    switch) [ "$current" != "$toplevel" ] || [ "$default" != "$toplevel" ] || { say result unchanged; exit 0; } ;;
    test) [ "$current" != "$toplevel" ] || { say result unchanged; exit 0; } ;;
    boot) [ "$default" != "$toplevel" ] || { say result unchanged; exit 0; } ;;
    esac
  fi
  require_fit
  mkdir -p "$dir"
  put id "$id"; put toplevel "$toplevel"; put goal "$goal"; put owner "$owner"; put since "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
  put confirmSeconds "$5"; put activationSeconds "$6"; put failedUnitsPolicy "$7"; put reboot "$8"; [ "$8" != changed ] || put reboot yes
  put keepGenerations "$9"
  put bootDefault "$default"; put phase starting
  : >"$dir/output"
  beat alive
  tries=0
  until start run 2>"$dir/start-error"; do
    if unit_lives; then
      ours=$dir
      use "$(systemctl show --property=Description --value "$unit" | sed -n 's/^Firn activation //p')"
      case $(get phase) in
      "" | finished) ;; # It has just ended; systemd needs a moment to let go of the name.
      *) rm -rf "$ours"; busy ;;
      esac
      use "$1"
    fi
    say tick $tries
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

# What became of the last activation, if its deployer was gone before it could be told.
tell_last() {
  use last
  [ -e "$dir/phase" ] && [ ! -e "$dir/told" ] && [ "$(get phase)" = finished ] && [ "$(get outcome)" != activated ] || return 0
  for key in outcome reason toplevel owner since; do say "last.$key" "$(get $key)"; done
  put told yes
}

busy() { say result busy; report; exit 0; }

# Without default dependencies, which order it after basic.target: when it is stopped, it takes the machine back, which
# starts that target, and systemd would have each of the two wait for the other.
start() {
  shell=$(command -v sh)
  systemd-run --quiet --collect --no-ask-password --service-type=exec --unit="$unit" \
    --description="Firn activation $id" --setenv=PATH="$PATH" --setenv=NIXOS_INSTALL_BOOTLOADER=0 \
    ${LOCALE_ARCHIVE:+--setenv=LOCALE_ARCHIVE="$LOCALE_ARCHIVE"} --property=TimeoutStopSec=180 \
    --property=DefaultDependencies=no --property=Conflicts=shutdown.target --property=Before=shutdown.target \
    --property=SyslogIdentifier=firn-activate \
    --property=ExecStopPost="$shell $script cleanup $id" -- "$shell" "$script" "$1" "$id"
}

follow() {
  use "$1"
  offset=$2 last= ticks=0
  if ! [ -d "$dir" ]; then say result unknown; exit 0; fi
  resume_trial
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
    if [ "$phase" != "$last" ]; then
      [ "$phase" != rebooting ] || report
      say phase "$phase"
      last=$phase
    fi
    if [ "$phase" = finished ]; then report; put told yes; exit 0; fi
    # Killed together with its clean-up, it would never finish.
    if [ $((ticks % 10)) = 9 ] && ! unit_lives && ! goes_down && [ "$(get phase)" = "$phase" ]; then
      put outcome interrupted
      put phase finished
    fi
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
  for key in phase outcome reason toplevel previous goal owner since testExit commitExit defaultExit rollbackExit failedUnits \
    bootDefault reboot bootOnce fallback fallbackGeneration; do
    if [ -e "$dir/$key" ]; then say $key "$(get $key)"; fi
  done
  uptime
  seen=$(get alive)
  if [ -n "$seen" ] && [ $((up - seen)) -lt $stale_after ]; then say alive yes; else say alive no; fi
}

status() {
  use "$1"
  if ! [ -e "$dir/phase" ]; then say result unknown; exit 0; fi
  resume_trial
  if [ "$(get phase)" != finished ] && ! unit_lives && ! goes_down && [ "$(get phase)" != finished ]; then
    put outcome interrupted
    put phase finished
  fi
  say result known
  report
  if [ -e "$dir/output" ]; then cat "$dir/output"; fi
}
