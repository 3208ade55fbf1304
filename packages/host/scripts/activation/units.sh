# ---- failed units, and what is thought of them ----

# A service that crashes again and again is between two starts most of the time.
list_failed() {
  systemctl list-units --state=failed,auto-restart,auto-restart-queued --full --plain --no-legend --no-pager |
    while read -r name _; do printf '%s\n' "$name"; done
}

remember_failed() { put failedBefore "$(list_failed)"; }

policy_of() { # UNIT
  get failedUnitsPolicy | while read -r policy pattern; do
    # shellcheck disable=SC2254 # a pattern on purpose
    case $1 in $pattern) echo "$policy"; break ;; esac
  done
}

# Units that failed before are none of the new system's doing, whatever their policy is.
judge_units() { # EXIT of switch-to-configuration; 4 says that units failed
  failing= passed= seen=
  for name in $(list_failed); do
    seen=yes
    if get failedBefore | grep -qxF -e "$name"; then passed="$passed $name"; continue; fi
    case $(policy_of "$name") in
    fail) failing="$failing $name" ;;
    warn) passed="$passed $name" ;;
    esac
  done
  put failedUnits "${passed# }"
  for name in $failing $passed; do
    [ ! -e "$dir/told-$name" ] || continue
    : >"$dir/told-$name"
    echo "the last lines of $name:"
    journalctl --no-pager --quiet --output=cat --lines=10 --unit="$name" | sed 's/^/    /'
  done
  if [ -n "$failing" ]; then roll_back "units failed:$failing"; fi
  # A start that was refused, or whose dependency failed, leaves no failed unit behind.
  if [ "$1" = 4 ] && [ -z "$seen" ] && [ "$(policy_of '')" = fail ]; then
    roll_back "switch-to-configuration says that units failed (exit 4)"
  fi
}
