# Runs a command line that begins with doas, which asks for passwords on a terminal only: gives it one of its own, and
# types there what came as the first line of standard input. The command line reads and writes 3, 4 and 5, which are
# this script's own 0, 1 and 2, so that no terminal lies between them and the command.
IFS= read -r password || exit
if ! command -v script >/dev/null; then
  echo "doas: the machine has no script(1), which makes the terminal that doas asks for a password on" >&2
  exit 127
fi
umask 077
pipes=$(mktemp -d) || exit
trap 'rm -rf "$pipes"' EXIT
mkfifo "$pipes/in" "$pipes/out" || exit
exec 3<&0 4>&1 5>&2
{
  exec 3<&- 4>&- 5>&- 6>"$pipes/in" 7<"$pipes/out"
  # What is typed before doas asks is lost; where it asks for nothing, the terminal stays silent until its end.
  if [ -n "$(head -c 1 <&7)" ]; then printf '%s\n' "$password" >&6; fi
  exec cat <&7 >/dev/null
} &
SHELL=/bin/sh script -q -e -c "$1" /dev/null <"$pipes/in" >"$pipes/out"
