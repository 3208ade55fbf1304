# What switch-to-configuration writes is for everyone; /run/firn itself is closed.
umask 022
script=$0 command=$1
shift
"$command" "$@"
