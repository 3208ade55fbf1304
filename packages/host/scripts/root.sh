# What sudo and doas start: PATH MARK WORDS COMMAND... Says on standard error that it is root, where everything after
# the mark is the command's own. With WORDS, standard input begins with a password that sudo may have read or not, and
# goes on after the mark.
PATH=$1 mark=$2 words=$3
export PATH
shift 3
printf '%s\n' "$mark" >&2
if [ -n "$words" ]; then while IFS= read -r line && [ "$line" != "$mark" ]; do :; done; fi
exec "$@"
