# Makes /etc what the tree in $1 says: links through /etc/static, copies where a mode asks for one. What an earlier
# system put there and this one does not is removed. A directory of the machine's image is merged into.
set -eu
etc=$1
mkdir -p /etc
touch /etc/NIXOS

swap_link() { # TARGET LINK
  [ "$(readlink "$2" 2> /dev/null)" != "$1" ] || return 0
  ln -sfn "$1" "$2.nixos-tmp"
  mv -fT "$2.nixos-tmp" "$2"
}
swap_link "$etc" /etc/static

copy_file() { # PATH
  [ ! -L "/etc/$1" ] || rm "/etc/$1"
  mode=$(cat "$etc/$1.mode") user=$(cat "$etc/$1.uid") group=$(cat "$etc/$1.gid")
  cp -L "$etc/$1" "/etc/$1.nixos-tmp"
  chown "${user#+}:${group#+}" "/etc/$1.nixos-tmp"
  chmod "$mode" "/etc/$1.nixos-tmp"
  mv -fT "/etc/$1.nixos-tmp" "/etc/$1"
  echo "$1" >> /etc/.clean.new
}

place() { # PATH: one entry of the tree
  if [ -e "$etc/$1.mode" ]; then
    if [ "$(cat "$etc/$1.mode")" = direct-symlink ]; then swap_link "$(readlink "$etc/$1")" "/etc/$1"; echo "$1" >> /etc/.clean.new
    else copy_file "$1"; fi
  elif [ -d "$etc/$1" ] && [ -d "/etc/$1" ] && [ ! -L "/etc/$1" ]; then
    walk "$1"
  elif [ -d "$etc/$1" ] && [ ! -L "$etc/$1" ]; then
    [ ! -L "/etc/$1" ] || rm "/etc/$1"
    mkdir -p "/etc/$1"
    walk "$1"
  else
    swap_link "/etc/static/$1" "/etc/$1"
  fi
}
walk() { # DIRECTORY
  for entry in "$etc/$1"/* "$etc/$1"/.[!.]*; do
    case $entry in *.mode | *.uid | *.gid) [ ! -e "${entry%.*}.mode" ] || continue;; esac
    if [ -e "$entry" ] || [ -L "$entry" ]; then place "${entry#"$etc"/}"; fi
  done
}
: > /etc/.clean.new
for entry in "$etc"/* "$etc"/.[!.]*; do
  case $entry in *.mode | *.uid | *.gid) [ ! -e "${entry%.*}.mode" ] || continue;; esac
  if [ -e "$entry" ] || [ -L "$entry" ]; then place "${entry#"$etc"/}"; fi
done

# Copies that are declared no more, then links that lead nowhere now.
touch /etc/.clean
while read -r file; do
  grep -qxF -e "$file" /etc/.clean.new || { echo "removing obsolete file ‘/etc/$file’..."; rm -f "/etc/$file"; }
done < /etc/.clean
mv /etc/.clean.new /etc/.clean
find /etc -type l | while read -r link; do
  [ ! -e "$link" ] || continue
  target=$(readlink "$link")
  case $target in
    /etc/static/*)
      [ ! -L "$target" ] || continue
      echo "removing obsolete symlink ‘$link’..."
      rm "$link"
      rmdir "${link%/*}" 2> /dev/null || true
      ;;
  esac
done
