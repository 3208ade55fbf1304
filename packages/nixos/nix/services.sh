#!/bin/sh
# Units, files in /etc and packages of a host that stays another distribution's: switch, test, boot, dry-activate, at-boot.
# Lines and exit codes are those of NixOS' switch-to-configuration; nothing of the distribution's is ever replaced.
set -u
new=@out@ action=${1:-} state=/var/lib/firn/services units=/etc/systemd/system
old=$(readlink -f $state/current 2>/dev/null) || old=
[ -d "$old/units" ] || old=$new/none
case $action in
switch | test | dry-activate | at-boot) ;;
# The profile is what the next boot starts: firn-services.service sees to it.
boot) exit 0 ;;
*) echo "usage: $0 switch|test|boot|dry-activate" >&2; exit 1 ;;
esac

# Everything that a profile has under units or etc, by path below it.
entries() { [ ! -d "$1/$2" ] || (cd "$1/$2" && find . \( -type l -o -type f \) | sed 's|^\./||' | sort); }
names() { entries "$1" units | grep -v /; }
is_ours() { # PATH: a link into a profile, or a copy that was put there
  case $(readlink "$1") in /nix/store/*-firn-services-*/*) return 0 ;; esac
  grep -qxF -e "$1" $state/copied 2>/dev/null
}
property() { grep -q "^$2=$3\$" "$new/units/$1" 2>/dev/null; }

# ---- nothing is touched before it is sure that nothing of the distribution's is in the way ----
conflicts() {
  entries "$new" units | while read -r path; do
    for directory in $units /usr/lib/systemd/system /lib/systemd/system; do
      place=$directory/$path
      if { [ -e "$place" ] || [ -L "$place" ]; } && ! is_ours "$place"; then echo "$place"; break; fi
    done
  done
  entries "$new" etc | while read -r path; do
    place=/etc/$path
    if { [ -e "$place" ] || [ -L "$place" ]; } && ! is_ours "$place"; then echo "$place"; fi
  done
}
found=$(conflicts)
if [ -n "$found" ]; then
  echo "these files belong to this host's own distribution, and are not replaced:"
  echo "$found" | sed 's/^/    /'
  echo "Remove them there, with the package that they come from, or leave what makes them out of the configuration."
  exit 1
fi

# ---- what changes ----
stopped= reloaded= restarted= kept=
for name in $(names "$old"); do
  if [ ! -e "$new/units/$name" ]; then
    stopped="$stopped $name"
  elif [ "$(readlink -f "$old/units/$name")" != "$(readlink -f "$new/units/$name")" ] && systemctl is-active --quiet "$name"; then
    if property "$name" X-RestartIfChanged false; then kept="$kept $name"
    elif property "$name" X-ReloadIfChanged true; then reloaded="$reloaded $name"
    else restarted="$restarted $name"; fi
  fi
done
active_before=$(for name in $(names "$new"); do if systemctl is-active --quiet "$name"; then echo "$name"; fi; done)
would= ; [ "$action" != dry-activate ] || would="would "
tell() { [ $# -lt 2 ] || { what=$1; shift; echo "$would$what the following units: $(echo "$*" | sed 's/ /, /g')"; }; }
verb() { if [ -n "$would" ]; then echo "${1%ing}"; else echo "$1"; fi; }
# shellcheck disable=SC2086 # unit names
{
  tell "$(if [ -n "$would" ]; then echo stop; else echo stopping; fi)" $stopped
  if [ -n "$kept" ]; then echo "NOT restarting the following changed units: $(echo $kept | sed 's/ /, /g')"; fi
  tell "$(verb reloading)" $reloaded
  tell "$(verb restarting)" $restarted
}
[ "$action" != dry-activate ] || exit 0

# ---- puts it in place ----
later=; [ "$action" != at-boot ] || later=--no-block
# shellcheck disable=SC2086
[ -z "$stopped" ] || systemctl stop $stopped

mkdir -p $state
# Directories that were not there before go with what was put into them.
make_directory() { [ -d "$1" ] || { echo "$1" >>$state/directories && mkdir -p "$1"; }; }
place() { make_directory "$(dirname "$2")" && ln -s "$1" "$2.firn-new" && mv -Tf "$2.firn-new" "$2"; }
remove() {
  if is_ours "$1"; then
    rm -f "$1"
    if grep -qxF -e "$(dirname "$1")" $state/directories 2>/dev/null; then rmdir "$(dirname "$1")" 2>/dev/null; fi
  fi
}
{
  entries "$new" units | while read -r path; do place "$new/units/$path" "$units/$path" || echo "$path"; done
  entries "$new" etc | while read -r path; do
    how=$(grep -F -e " $path" "$new/copied" | awk -v path="$path" '$3 == path')
    if [ -z "$how" ]; then
      place "$new/etc/$path" "/etc/$path" || echo "$path"
    else
      # shellcheck disable=SC2086 # MODE USER:GROUP PATH
      set -- $how
      make_directory "$(dirname "/etc/$path")" && cp -L "$new/etc/$path" "/etc/$path.firn-new" && chown "$2" "/etc/$path.firn-new" &&
        chmod "$1" "/etc/$path.firn-new" && mv -Tf "/etc/$path.firn-new" "/etc/$path" || echo "$path"
    fi
  done
} >$state/failed
entries "$old" units | while read -r path; do [ -L "$new/units/$path" ] || remove "$units/$path"; done
entries "$old" etc | while read -r path; do [ -L "$new/etc/$path" ] || remove "/etc/$path"; done
awk '{ print "/etc/" $3 }' "$new/copied" >$state/copied
ln -sfn "$new" $state/current
ln -sfn "$new" /run/current-system
if [ -s $state/failed ]; then echo "these files could not be put in place: $(tr '\n' ' ' <$state/failed)"; exit 1; fi

systemctl daemon-reload || exit 3
code=0
# shellcheck disable=SC2086
{
  [ -z "$reloaded" ] || systemctl $later reload $reloaded || code=4
  [ -z "$restarted" ] || systemctl $later restart $restarted || code=4
}
# A target that is active pulls in what has come to it.
targets=$(cd "$new/units" && find . -mindepth 1 -maxdepth 1 -type d | sed -n -e 's,^\./\(.*\)\.wants$,\1,p' -e 's,^\./\(.*\)\.requires$,\1,p' | sort -u)
# shellcheck disable=SC2086
[ -z "$targets" ] || systemctl $later start $targets || code=4
[ -z "$later" ] || exit 0

started=
failed=
for name in $(names "$new"); do
  if systemctl is-failed --quiet "$name"; then failed="$failed $name"
  elif systemctl is-active --quiet "$name" && ! echo "$active_before" | grep -qxF -e "$name"; then started="$started $name"; fi
done
# shellcheck disable=SC2086
[ -z "$started" ] || echo "the following new units were started: $(echo $started | sed 's/ /, /g')"
if [ -n "$failed" ]; then
  # shellcheck disable=SC2086
  echo "warning: the following units failed: $(echo $failed | sed 's/ /, /g')"
  code=4
fi
exit $code
