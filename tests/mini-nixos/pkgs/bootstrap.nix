# The only program that is not built here: a static busybox, placed in ../bootstrap by the set-up.
# In a file of its own, so that many machines in one evaluation hash it once.
if builtins.pathExists (../bootstrap + "/bin/busybox")
then builtins.path { path = ../bootstrap; name = "bootstrap-tools"; }
else throw "tests/mini-nixos/bootstrap/bin/busybox is missing: `npm test` puts it there (Debian's package busybox-static)."
