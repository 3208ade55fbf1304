# Tells which system a machine runs, and every place that is not this system's. Prints key=value lines:
# system, version and absentKeys once, differs for each place.
system=$(readlink -f /run/current-system)
version=$(cat "$system/etc/version")
printf 'system=%s\nversion=%s\n' "$system" "$version"
differs() { printf 'differs=%s\n' "$*"; }

[ "$(readlink -f /nix/var/nix/profiles/system)" = "$system" ] || differs "the system profile is $(readlink -f /nix/var/nix/profiles/system)"
grep -q "^exec $system/init " /sbin/init || differs "the next boot starts $(sed -n 's/^exec \([^ ]*\).*/\1/p' /sbin/init)"
[ -e "$system/activate" ] || differs "the system is not whole"

# /etc: every file of the system is there with its content, and no link of another system is left.
[ "$(readlink -f /etc/static)" = "$(readlink -f "$system/etc")" ] || differs "/etc/static is $(readlink -f /etc/static)"
cd "$system/etc" || exit
find -L . -type f | while read -r file; do
  case $file in *.mode | *.uid | *.gid) [ ! -e "${file%.*}.mode" ] || continue ;; esac
  cmp -s "$file" "/etc/$file" || differs "/etc/${file#./} has another content"
done
find /etc -xtype l -lname '/etc/static/*' | while read -r link; do differs "$link leads nowhere"; done

# Units: what runs is what this system has, as it has it.
units=$system/etc/systemd/system
systemctl show '*' --property=Id,FragmentPath,NeedDaemonReload,ActiveState | awk -v RS= '
  { delete v; n = split($0, lines, "\n"); for (i = 1; i <= n; i++) { at = index(lines[i], "="); v[substr(lines[i], 1, at - 1)] = substr(lines[i], at + 1) }
    print v["ActiveState"], v["NeedDaemonReload"], v["Id"], v["FragmentPath"] }' | while read -r state stale unit file; do
  [ "$stale" = no ] || differs "systemd has not read the new $unit"
  [ "$state" != failed ] || differs "$unit failed"
  case $file in
  /etc/systemd/system/*) [ -e "$units/${file##*/}" ] || [ "$state" = inactive ] || differs "$unit runs, and the system has no such unit" ;;
  esac
done
for wanted in "$units"/multi-user.target.wants/*; do
  unit=${wanted##*/}
  systemctl --quiet is-active "$unit" || differs "$unit does not run"
done
# A process started by the other system would still have its environment.
process=$(systemctl show --property=MainPID --value version.service)
running=$(tr '\0' '\n' <"/proc/$process/environ" 2>/dev/null | sed -n 's/^VERSION=//p')
[ "$running" = "$version" ] || differs "version.service runs as version $running"
[ "$(systemctl is-active firn-activate 2>/dev/null)" = inactive ] || differs "an activation is under way"

absent=0
for unit in "$units"/*-key.service; do
  key=${unit##*/} key=${key%-key.service}
  [ ! -e "$unit" ] || [ -e "/run/keys/$key" ] || [ -e "/var/lib/keys/$key" ] || absent=$((absent + 1))
done
printf 'absentKeys=%s\n' $absent
