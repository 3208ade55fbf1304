# Joins standard input and output to a TCP connection, $1 port $2, until either ends: says "." once it is open. For bash,
# which NixOS has. Sent to the background, a command reads from nowhere unless it is told otherwise.
exec 3<>"/dev/tcp/$1/$2" 4<&0 || exit 1
printf .
cat <&3 &
cat <&4 >&3 &
wait -n
kill $(jobs -p) 2>/dev/null
exit 0
