# Makes the declared users and groups, one a line on standard input, and removes those that are declared no more.
# Accounts of the machine's image stay. The argument says whether accounts made by hand stay as well.
set -eu
mutable=$1
state=/var/lib/nixos
mkdir -p "$state"
touch "$state/declarative-users" "$state/declarative-groups" "$state/uid-map" "$state/gid-map"
for file in group passwd shadow; do
  touch "/etc/$file"
  cp -p "/etc/$file" "/etc/$file.nixos-new"
done
cat > "$state/.spec"

field() { # FILE NAME NUMBER
  awk -F: -v name="$2" -v number="$3" '$1 == name { print $number; exit }' "$1"
}
# An id: the declared one, else that of the account, else the one it had before, else a free one.
choose() { # FILE NAME DECLARED MAP FROM TO
  [ -z "$3" ] || { echo "$3"; return; }
  id=$(field "$1" "$2" 3)
  [ -n "$id" ] || id=$(field "$4" "$2" 2)
  [ -n "$id" ] || id=$(awk -F: -v from="$5" -v to="$6" 'FILENAME == ARGV[1] { used[$3] = 1; next } { used[$2] = 1 }
    END { step = from < to ? 1 : -1; for (id = from; id != to + step; id += step) if (!(id in used)) { print id; exit } }' "$1" "$4")
  echo "$id"
}
remember() { # MAP NAME ID
  [ "$(field "$1" "$2" 2)" = "$3" ] || echo "$2:$3" >> "$1"
}
# Replaces the line of an account, or adds it.
put() { # FILE NAME LINE
  LINE=$3 awk -F: -v name="$2" '$1 == name { if (!done) print ENVIRON["LINE"]; done = 1; next } { print } END { if (!done) print ENVIRON["LINE"] }' "$1" > "$1.line"
  cat "$1.line" > "$1"
  rm "$1.line"
}
drop() { # FILE NAME
  awk -F: -v name="$2" '$1 != name' "$1" > "$1.line"
  cat "$1.line" > "$1"
  rm "$1.line"
}

group=/etc/group.nixos-new passwd=/etc/passwd.nixos-new shadow=/etc/shadow.nixos-new
names=$(sed -n 's/^group:\([^:]*\):.*/\1/p' "$state/.spec")
while read -r name; do
  echo "$names" | grep -qxF -e "$name" || drop "$group" "$name"
done < "$state/declarative-groups"
while IFS=: read -r kind name gid members; do
  [ "$kind" = group ] || continue
  # A group of the image keeps its number: its files have it.
  had=$(field "$group" "$name" 3)
  [ -z "$had" ] || gid=$had
  gid=$(choose "$group" "$name" "$gid" "$state/gid-map" 999 400)
  others=$(awk -F: -v gid="$gid" -v name="$name" '$3 == gid && $1 != name { print $1; exit }' "$group")
  [ -z "$others" ] || gid=$(choose "$group" "$name" "" "$state/gid-map" 999 400)
  [ -z "$had" ] || [ "$mutable" != true ] || members=$( { field "$group" "$name" 4; echo "$members"; } | tr ',' '\n' | awk 'NF && !seen[$0]++' | paste -s -d, - )
  put "$group" "$name" "$name:x:$gid:$members"
  remember "$state/gid-map" "$name" "$gid"
done < "$state/.spec"
echo "$names" > "$state/declarative-groups.new"

declared=$(sed -n 's/^user:\([^:]*\):.*/\1/p' "$state/.spec")
while read -r name; do
  echo "$declared" | grep -qxF -e "$name" || { drop "$passwd" "$name"; drop "$shadow" "$name"; }
done < "$state/declarative-users"
if [ "$mutable" != true ]; then
  for name in $(awk -F: '$3 >= 1000 && $3 < 60000 { print $1 }' "$passwd"); do
    echo "$declared" | grep -qxF -e "$name" || { echo "removing user ‘$name’"; drop "$passwd" "$name"; drop "$shadow" "$name"; }
  done
fi
homes=
while IFS=: read -r kind name uid group_name home shell type home_mode password password_file description; do
  [ "$kind" = user ] || continue
  if [ "$type" = normal ]; then first=1000 last=29999; else first=999 last=400; fi
  uid=$(choose "$passwd" "$name" "$uid" "$state/uid-map" "$first" "$last")
  gid=$(field "$group" "$group_name" 3)
  [ -n "$gid" ] || { echo "warning: user ‘$name’ has unknown group ‘$group_name’" >&2; gid=65534; }
  put "$passwd" "$name" "$name:x:$uid:$gid:$description:$home:$shell"
  remember "$state/uid-map" "$name" "$uid"
  if [ -n "$password_file" ]; then
    if [ -r "$password_file" ]; then password=$(head -n 1 "$password_file"); else echo "warning: password file ‘$password_file’ does not exist" >&2; fi
  fi
  had=$(field "$shadow" "$name" 2)
  if [ -n "$password" ] && { [ "$mutable" != true ] || [ -z "$had" ]; } || [ -z "$had" ]; then
    put "$shadow" "$name" "$name:${password:-*}:1::::::"
  fi
  [ -z "$home_mode" ] || homes="$homes$home_mode:$uid:$gid:$home
"
done < "$state/.spec"
echo "$declared" > "$state/declarative-users.new"

for file in group passwd shadow; do
  if cmp -s "/etc/$file" "/etc/$file.nixos-new"; then rm "/etc/$file.nixos-new"; else mv "/etc/$file.nixos-new" "/etc/$file"; fi
done
mv "$state/declarative-groups.new" "$state/declarative-groups"
mv "$state/declarative-users.new" "$state/declarative-users"
rm "$state/.spec"
printf '%s' "$homes" | while IFS=: read -r mode uid gid home; do
  [ -d "$home" ] || { mkdir -p "$home"; chown "$uid:$gid" "$home"; chmod "$mode" "$home"; }
done
