# The machine's half of Firn's activation protocol. It takes its arguments by position and answers on standard error
# with firn:key=value lines; standard output is what switch-to-configuration says. What goes on is in
# /run/firn/activations/<id>, one file a value, so that a deployer that was cut off or killed finds it again.
#
# One activation at a time: the unit's name is the lock, so that it cannot outlive its holder.
set -u
base=/run/firn
unit=firn-activate.service
profile=/nix/var/nix/profiles/system
roots=/nix/var/nix/gcroots/firn
persistent=/var/lib/firn
unfinished=$persistent/unfinished
# What must outlive a reboot: the activation whose system is being tried by booting it.
trial=$persistent/trial
trial_unit=firn-trial.service
stale_after=30
# NixOS; a Nix installed on another system; what needs root.
PATH=$PATH:/run/wrappers/bin:/run/current-system/sw/bin:/nix/var/nix/profiles/default/bin:/usr/local/sbin:/usr/sbin:/sbin
export PATH

say() { printf 'firn:%s=%s\n' "$1" "$2" >&2; }
put() { printf '%s\n' "$2" >"$dir/.$1.$$" && mv -f "$dir/.$1.$$" "$dir/$1"; }
get() { if [ -e "$dir/$1" ]; then cat "$dir/$1"; fi; }
resolve() { if [ -e "$1" ]; then readlink -f "$1"; fi; }
uptime() { read -r up _ </proc/uptime; up=${up%%.*}; }
unit_lives() {
  for name in $unit $trial_unit; do
    case $(systemctl is-active "$name" 2>/dev/null) in active | activating | deactivating | reloading) return 0 ;; esac
  done
  return 1
}
goes_down() { [ "$(systemctl is-system-running)" = stopping ]; }

# Chooses the activation that is spoken of. One that goes on across a reboot is taken from where it was kept.
use() {
  id=$1 dir=$base/activations/$1
  [ "$1" != last ] || dir=$base/last
  if ! [ -d "$dir" ] && [ -e $trial/id ]; then
    read -r tried <$trial/id
    if [ "$1" = last ] || [ "$1" = "$tried" ]; then
      id=$tried dir=$base/activations/$tried
      (umask 077 && mkdir -p $base) && mkdir -p $base/activations && rm -rf "$dir.new" && cp -R $trial "$dir.new" && mv "$dir.new" "$dir"
      ln -sfn "$dir" $base/last
    fi
  fi
}

load() {
  toplevel=$(get toplevel) goal=$(get goal) confirm_s=$(get confirmSeconds) activation_s=$(get activationSeconds)
  previous=$(get previous) generation=$(get generation) reboot=$(get reboot) keep=$(get keepGenerations)
}

switch_to() { timeout -k 30 "$activation_s" "$1/bin/switch-to-configuration" "$2"; }

finish() {
  put outcome "$1"
  rm -f $roots/next
  tell_journal
  put phase finished
  exit 0
}

# For `journalctl -u firn-activate`: what is kept in /run is gone with the next boot.
tell_journal() {
  if (: >&4) 2>/dev/null; then
    { cat "$dir/output"; echo "$(get outcome): $(get goal) of $toplevel by $(get owner)$(get reason | sed 's/^/, /')"; } >&4
  fi
}
