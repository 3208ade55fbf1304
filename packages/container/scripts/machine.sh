#!/bin/sh
# A machine from its namespaces to its init, in three steps that call each other. Everything it is told comes as
# positional parameters: STEP STATE CGROUP NETNS IMAGE HOSTNAME ADDRESS/PREFIX
# IMAGE is empty for a machine that boots from the closure of its own system.
set -eu
umask 022
step=$1
shift
state=$1 cgroup=$2 netns=$3 image=$4 hostname=$5 address=$6

# Outside: starts PID 1, again after each reboot. reboot() in a PID namespace ends its PID 1 with SIGHUP (status 129),
# power-off with SIGINT.
supervise() {
  trap 'echo $? >"$state/ended"' EXIT
  echo 0 >"$cgroup/supervisor/cgroup.procs"
  while :; do
    status=0
    nsenter --net="/run/netns/$netns" unshare --pid --fork --mount --uts --ipc --propagation private \
      sh "$0" boot "$@" || status=$?
    [ "$status" = 129 ] || exit "$status"
  done
}

# PID 1, before its cgroup namespace: the place where it is now becomes that namespace's root. It may not load kernel
# modules or set this computer's clock.
boot() {
  echo 0 >"$cgroup/machine/cgroup.procs"
  if [ -e "$state/limits" ]; then
    while IFS= read -r directory; do echo 0 >"$directory/cgroup.procs"; done <"$state/limits"
  fi
  exec unshare --cgroup setpriv --bounding-set -sys_module,-sys_time,-sys_rawio sh "$0" enter "$@"
}

# PID 1: network, root file system, init.
enter() {
  ip link set dev lo up
  ip address replace "$address" dev eth0
  ip link set dev eth0 up

  lower=$image init=/sbin/init
  if [ -z "$image" ]; then
    mkdir -p "$state/empty"
    lower=$state/empty init=$(system)/init
  fi
  mount -t overlay firn -o "lowerdir=$lower,upperdir=$state/disk/upper,workdir=$state/disk/work" "$state/root"
  cd "$state/root"
  mkdir -p proc sys dev run mnt
  mount -t proc proc proc
  echo "$hostname" >proc/sys/kernel/hostname

  # No sysctl of this computer is written from inside, except those of the machine's own network.
  mount --bind proc/sys/net proc/sys/net
  mount --rbind proc/sys proc/sys
  cat proc/sys/kernel/random/uuid >"$state/boot_id.new"
  mv "$state/boot_id.new" "$state/boot_id"
  mount --bind "$state/boot_id" proc/sys/kernel/random/boot_id
  mount -o remount,bind,ro proc/sys/kernel/random/boot_id
  mount -o remount,bind,ro proc/sys
  if [ -e proc/sysrq-trigger ]; then
    mount --bind proc/sysrq-trigger proc/sysrq-trigger
    mount -o remount,bind,ro proc/sysrq-trigger
  fi

  mount -t sysfs -o ro sysfs sys
  mount -t cgroup2 cgroup2 sys/fs/cgroup
  mount -t tmpfs -o mode=755,size=4m dev dev
  device full 1:7 && device null 1:3 && device random 1:8 && device tty 5:0 && device urandom 1:9 && device zero 1:5
  mkdir dev/pts dev/shm dev/net
  device net/tun 10:200
  mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
  ln -s pts/ptmx dev/ptmx
  ln -s /proc/self/fd dev/fd
  ln -s fd/0 dev/stdin
  ln -s fd/1 dev/stdout
  ln -s fd/2 dev/stderr
  mount -t tmpfs -o mode=1777 shm dev/shm
  mount -t tmpfs -o mode=755 run run

  # This computer's store under one of the machine's own, which has what the machine adds and hides.
  if [ -d "$state/disk/store" ]; then
    mkdir -p nix/store
    mount -t overlay firn-store \
      -o "lowerdir=/nix/store${image:+:$image/nix/store},upperdir=$state/disk/store/upper,workdir=$state/disk/store/work" nix/store
  fi
  if [ -e "$state/mounts" ]; then
    while IFS="$(printf '\t')" read -r mode source path; do expose "$mode" "$source" ".$path"; done <"$state/mounts"
  fi

  # This computer's files go last. The machine's root may have no umount, so one is run in a mount namespace that
  # keeps this computer's.
  rm -f "$state/ready" "$state/pivoted"
  mkfifo -m 600 "$state/ready" "$state/pivoted"
  exec 3<>"$state/ready" 4<>"$state/pivoted"
  rm "$state/ready" "$state/pivoted"
  unshare --mount --propagation private \
    sh -c 'echo >&3 && read -r _ <&4 && exec umount --lazy --namespace "$1/proc/1/ns/mnt" /mnt' sh "$state/root" &
  read -r _ <&3
  pivot_root . mnt
  cd /
  echo >&4
  wait $!
  exec 3>&- 4>&-
  unset LC_ALL OLDPWD PWD SHLVL
  export container=firn PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  exec "$init"
}

# The system that a machine without an image boots: its newest confirmed generation, before that its first system. Both
# links of a profile are Nix' own: the first one names a link beside it.
system() {
  profiles=$state/disk/upper/nix/var/nix/profiles
  if [ -L "$profiles/system" ]; then readlink "$profiles/$(readlink "$profiles/system")"; else readlink "$state/system"; fi
}

# A directory or file of this computer: MODE SOURCE PATH
expose() {
  if [ -d "$2" ]; then mkdir -p "$3"; else mkdir -p "$(dirname "$3")" && : >>"$3"; fi
  mount --bind "$2" "$3"
  [ "$1" = rw ] || mount -o remount,bind,ro "$3"
}

device() {
  mknod -m 666 "dev/$1" c "${2%:*}" "${2#*:}"
}

"$step" "$@"
