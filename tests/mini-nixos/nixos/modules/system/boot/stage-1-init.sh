#!/bin/busybox sh
# PID 1 of the initial ramdisk: finds the root file system and starts stage 2 there.
/bin/busybox mkdir -p /bin
/bin/busybox --install -s /bin
export PATH=/bin
targetRoot=/sysroot
fail() { echo "$1"; sleep 1; exit 1; } # PID 1 has ended: the kernel panics

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
echo
echo "<<< NixOS Stage 1 >>>"
echo
stage2Init=/init
for word in $(cat /proc/cmdline); do case $word in init=*) stage2Init=${word#init=} ;; esac; done
# A module that needs another one is tried again.
for pass in 1 2 3; do for module in /modules/*.ko; do [ ! -e "$module" ] || insmod "$module" 2> /dev/null; done; done
tries=0
while [ ! -b @rootDevice@ ] && [ $tries -lt 200 ]; do sleep 0.1; tries=$((tries + 1)); done
[ -b @rootDevice@ ] || fail "Timed out waiting for device @rootDevice@"
mount -t @rootFsType@ @rootDevice@ $targetRoot || fail "mounting @rootDevice@ failed"
( set -e
@postMount@
) || fail "a command after the mounts failed"
[ -e "$targetRoot$stage2Init" ] || fail "stage 2 init script ($targetRoot$stage2Init) not found"
for each in dev proc sys; do mkdir -p $targetRoot/$each; mount --move /$each $targetRoot/$each; done
exec switch_root $targetRoot "$stage2Init"
