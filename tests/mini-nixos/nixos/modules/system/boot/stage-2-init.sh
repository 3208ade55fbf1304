#!@shell@
# PID 1 until systemd takes over: brings /etc to the system's state first, so that systemd finds its units.
systemConfig=@systemConfig@
export PATH=@path@:/usr/sbin:/usr/bin:/sbin:/bin

echo
echo "<<< NixOS Stage 2 >>>"
echo
# In a container all of them are there already.
mounted() { grep -q " $1 " /proc/mounts; }
[ -e /proc/mounts ] || { mkdir -p /proc; mount -t proc proc /proc; }
mounted /sys || mount -t sysfs sysfs /sys
mounted /dev || mount -t devtmpfs devtmpfs /dev
mounted /run || mount -t tmpfs -o mode=755 tmpfs /run
@userland@
echo "running activation script..."
"$systemConfig/activate"
ln -sfn "$systemConfig" /run/booted-system
@postBootCommands@
echo "starting systemd..."
exec @systemdExecutable@ "$@"
