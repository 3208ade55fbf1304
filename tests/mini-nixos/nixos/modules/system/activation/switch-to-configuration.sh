#!@shell@
# NixOS' switch-to-configuration: brings the running machine from its system to this one, by stopping, starting,
# restarting and reloading exactly the units that differ.
set -u
toplevel=@out@
action=${1:-}
PATH=@path@:/run/current-system/sw/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH LC_ALL=C NIXOS_ACTION=$action
say() { echo "$*" >&2; }

case $action in
  switch | boot | test | dry-activate) ;;
  *)
    say "Usage: $0 [switch|boot|test|dry-activate]

switch:       make the configuration the boot default and activate now
boot:         make the configuration the boot default
test:         activate the configuration, but don't make it the boot default
dry-activate: show what would be done if this configuration were activated"
    exit 1
    ;;
esac

mkdir -p /run/nixos
exec 9>> /run/nixos/switch-to-configuration.lock
flock -n 9 || { say "Could not acquire lock"; exit 1; }

# What changed of values that both systems have: `"name": "value"`, a line each.
inhibited() {
  awk -F '": "' '{ sub(/,$/, "") } NR == FNR { old[$1] = $0; next } ($1 in old) && old[$1] != $0 { print old[$1] " -> " $0 }' \
    "$1/switch-inhibitors" "$toplevel/switch-inhibitors"
}
if [ "$action" != boot ] && [ "${NIXOS_NO_CHECK:-}" != 1 ] && [ -e /run/current-system/switch-inhibitors ]; then
  changes=$(inhibited /run/current-system)
  if [ -n "$changes" ]; then
    say "There are changes to critical components of the system:

$changes

Switching into this system is not recommended.
You probably want to run 'nixos-rebuild boot' and reboot your system instead.

Pre-switch check 'switchInhibitors' failed
Pre-switch checks failed"
    exit 1
  fi
fi

case $action in
  switch | boot) @installBootLoader@ "$toplevel" 9>&- || exit 1 ;;
esac
[ "${NIXOS_NO_SYNC:-}" = 1 ] || [ "$action" = dry-activate ] || sync -f /nix/store 2> /dev/null || sync
[ "$action" != boot ] || exit 0

if [ -e /run/current-system/init-interface-version ] &&
  ! cmp -s /run/current-system/init-interface-version "$toplevel/init-interface-version"; then
  say "Warning: the new NixOS configuration has an ‘init’ that is
incompatible with the current configuration.  The new configuration
won't take effect until you reboot the system."
  exit 100
fi

old=/etc/static/systemd/system
new=$toplevel/etc/systemd/system
work=$(mktemp -d /run/nixos/switch.XXXXXX)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
touch stop skip start restart reload targets

# Lists that an interrupted run left behind are work that is still to be done.
record() { # LIST UNIT
  echo "$2" >> "$1"
  [ "$action" = dry-activate ] || echo "$2" >> "/run/nixos/$1-list"
}
for list in start restart reload; do
  [ ! -e "/run/nixos/$list-list" ] || cat "/run/nixos/$list-list" >> $list
done

active_units() { systemctl list-units --full --plain --no-legend 2> /dev/null | awk '{ print $1, $3, $4 }'; }
exists() { [ -e "$1/$2" ] || [ -L "$1/$2" ] || [ -e "$1/$2.d/overrides.conf" ]; }
text() { cat "$1/$2" "$1/$2.d/overrides.conf" 2> /dev/null; }
value() { text "$1" "$2" | sed -n "s/^$3=//p" | tail -n 1; }
is() { # DIRECTORY UNIT KEY DEFAULT
  case $(value "$1" "$2" "$3") in true | yes | 1 | on) return 0 ;; "") [ "$4" = yes ] ;; *) return 1 ;; esac
}
# What counts when units are compared: not how they are described, nor who wants them.
relevant() {
  text "$1" "$2" | awk '
    /^\[/ { section = $0; if (section != "[Install]") print; next }
    section == "[Install]" || /^$/ || /^[#;]/ { next }
    section == "[Unit]" && /^(X-Reload-Triggers|Description|Documentation|OnFailure|OnSuccess|OnFailureJobMode|IgnoreOnIsolate|StopWhenUnneeded|RefuseManualStart|RefuseManualStop|AllowIsolate|CollectMode|SourcePath)=/ { next }
    { print }'
}
compare() { # UNIT: equal, reload or changed
  [ "$(readlink -f "$old/$1")$(readlink -f "$old/$1.d/overrides.conf")" != "$(readlink -f "$new/$1")$(readlink -f "$new/$1.d/overrides.conf")" ] || { echo equal; return; }
  if [ "$(relevant "$old" "$1")" = "$(relevant "$new" "$1")" ]; then
    if [ "$(value "$old" "$1" X-Reload-Triggers)" = "$(value "$new" "$1" X-Reload-Triggers)" ]; then echo equal; else echo reload; fi
  else echo changed; fi
}

# What to do with an active unit that has changed.
modified() { # UNIT BASE
  case $1 in
    sysinit.target | basic.target | multi-user.target | graphical.target | *.path | *.slice) ;;
    *.mount) record reload "$1" ;;
    *.socket) ;;
    *)
      if is "$new" "$2" X-ReloadIfChanged no; then record reload "$1"
      elif ! is "$new" "$2" X-RestartIfChanged yes || is "$new" "$2" RefuseManualStop no || is "$new" "$2" X-OnlyManualStart no; then echo "$1" >> skip
      elif ! is "$new" "$2" X-StopIfChanged yes; then record restart "$1"
      else
        sockets=
        case $1 in
          *.service)
            if ! is "$new" "$2" X-NotSocketActivated no; then
              sockets=$(value "$new" "$2" Sockets)
              sockets=${sockets:-${2%.service}.socket}
            fi
            ;;
        esac
        started=
        for socket in $sockets; do
          if grep -q "^$socket " before; then
            echo "$socket" >> stop
            exists "$new" "$socket" && { record start "$socket"; started=1; }
          fi
        done
        [ -n "$started" ] || record start "$1"
        echo "$1" >> stop
      fi
      ;;
  esac
}

active_units > before
while read -r unit state sub; do
  base=$unit
  case $unit in *@*.*) exists "$new" "$unit" || exists "$old" "$unit" || base=${unit%%@*}@.${unit##*.} ;; esac
  case $state in active | activating) ;; *) continue ;; esac
  case $unit in
    *.target)
      if [ "$unit" = multi-user.target ] || exists "$new" "$base" || [ -d "$new/$base.wants" ] || [ -d "$new/$base.requires" ]; then
        case $unit in suspend.target | hibernate.target | hybrid-sleep.target) continue ;; esac
        if ! is "$new" "$base" RefuseManualStart no && ! is "$new" "$base" X-OnlyManualStart no &&
          ! is /usr/lib/systemd/system "$base" RefuseManualStart no; then
          record start "$unit"
          echo "$unit" >> targets
        fi
        ! is "$new" "$base" X-StopOnReconfiguration no || echo "$unit" >> stop
        continue
      fi
      ;;
  esac
  if [ "$(readlink -f "$new/$base")" = /dev/null ]; then
    ! is "$old" "$base" X-StopOnRemoval yes || echo "$unit" >> stop
  elif exists "$new" "$base"; then
    case $(compare "$base") in
      changed) modified "$unit" "$base" ;;
      reload) record reload "$unit" ;;
    esac
  elif exists "$old" "$base"; then
    if [ -e "$old/$base" ]; then
      ! is "$old" "$base" X-StopOnRemoval yes || echo "$unit" >> stop
    else
      # Only the extension of a unit of the machine's image is gone.
      record restart "$unit"
    fi
  fi
done < before

sorted() { sort -u "$1" | grep -v '^$'; }
comma() { sorted "$1" | awk '{ printf "%s%s", (NR > 1 ? ", " : ""), $0 }'; }
announce() { # TEXT LIST
  [ -z "$(sorted "$2")" ] || say "$1 $(comma "$2")"
}
without() { # LIST OTHER: what of a list is not in the other
  awk 'FILENAME == ARGV[1] { other[$0] = 1; next } !($0 in other)' "$2" "$1"
}
# Targets are always started, so that what they want is: nobody wants to read that.
without_targets() { without "$1" targets > "$1.shown"; }
without_targets stop
# Restarting does what reloading would do, and stopping and starting what restarting would.
leave_out() { without "$1" "$2" > "$1.new"; mv "$1.new" "$1"; }
requested() { # PREFIX: units that activation scripts want restarted or reloaded
  for kind in restart reload; do
    if [ -e "/run/nixos/$1activation-$kind-list" ]; then
      while read -r unit; do
        if ! grep -q "^$unit " before; then echo "$unit" >> start; elif ! grep -qxF -e "$unit" stop; then echo "$unit" >> "$kind"; fi
      done < "/run/nixos/$1activation-$kind-list"
      rm "/run/nixos/$1activation-$kind-list"
    fi
  done
  leave_out restart stop
  leave_out reload stop
  leave_out reload restart
  without_targets start
}

if [ "$action" = dry-activate ]; then
  announce "would stop the following units:" stop.shown
  announce "would NOT stop the following changed units:" skip
  say "would activate the configuration..."
  "$toplevel/dry-activate" 9>&-
  requested dry-
  # What nothing starts yet, its target will.
  announce "would reload the following units:" reload
  announce "would restart the following units:" restart
  announce "would start the following units:" start.shown
  exit 0
fi

logger -t nixos "switching to system configuration $toplevel" 2> /dev/null
result=0
if [ -s stop ]; then
  announce "stopping the following units:" stop.shown
  systemctl stop -- $(sorted stop) 9>&-
fi
announce "NOT restarting the following changed units:" skip

say "activating the configuration..."
"$toplevel/activate" "$toplevel" 9>&- || result=2
requested ""

systemctl reset-failed
systemctl daemon-reload || result=3
if [ -d "$toplevel/etc/tmpfiles.d" ]; then
  say "setting up tmpfiles"
  systemd-tmpfiles --create --remove --exclude-prefix=/dev 9>&- || result=3
fi

if [ -s reload ]; then
  announce "reloading the following units:" reload
  systemctl reload -- $(sorted reload) 9>&- || result=4
fi
rm -f /run/nixos/reload-list
if [ -s restart ]; then
  announce "restarting the following units:" restart
  systemctl restart -- $(sorted restart) 9>&- || result=4
fi
rm -f /run/nixos/restart-list
announce "starting the following units:" start.shown
[ ! -s start ] || systemctl start -- $(sorted start) 9>&- || result=4
rm -f /run/nixos/start-list

# A service whose program ends at once counts as started for a moment.
sleep 0.2
active_units > after
awk 'NR == FNR { had[$1] = 1; next } $2 != "failed" && !($1 in had) && $1 !~ /\.scope$/ && $3 != "auto-restart" { print $1 }' before after > started
announce "the following new units were started:" started
awk '$2 == "failed" || $3 == "auto-restart" { print $1, $3 }' after | while read -r unit sub; do
  [ "$sub" = auto-restart ] && [ "$(systemctl show --value --property=ExecMainStatus -- "$unit")" = 0 ] || echo "$unit"
done > failed
if [ -s failed ]; then
  say "warning: the following units failed: $(comma failed)"
  systemctl status --no-pager --full $(sorted failed) >&2
  result=4
fi
if [ $result = 0 ]; then logger -t nixos "finished switching to system configuration $toplevel" 2> /dev/null
else logger -t nixos "switching to system configuration $toplevel failed (status $result)" 2> /dev/null; fi
exit $result
