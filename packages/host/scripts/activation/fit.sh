# ---- whether a system can run here: asked before anything is touched ----

# Answers the deployer and ends where it cannot.
require_fit() {
  architecture=$(cat "$toplevel/system" 2>/dev/null)
  if ! runs_here "${architecture%%-*}"; then
    say result other-architecture
    say system "$architecture"
    say architecture "$(uname -m)"
    exit 0
  fi
  # Files that were not on disk yet when the power went are empty afterwards, and Nix takes them for whole. An empty
  # script succeeds. These paths are small; together they lead to everything else.
  # shellcheck disable=SC2046 # store paths
  if ! nix-store --verify-path $(small_parts) >&2; then say result damaged; exit 0; fi
}

small_parts() {
  for part in "$toplevel" "$toplevel/etc" "$toplevel/etc/systemd/system"; do
    if [ -e "$part" ]; then readlink -f "$part"; fi
  done
}

runs_here() { # ARCHITECTURE as Nix calls it
  case $(uname -m):$1 in
  x86_64:x86_64 | x86_64:i686 | i?86:i686 | aarch64:aarch64 | aarch64:arm* | arm*:arm* | riscv64:riscv64 | ppc64le:powerpc64le) ;;
  *:x86_64 | *:i686 | *:aarch64 | *:armv[67]l | *:riscv64 | *:powerpc64le) return 1 ;;
  esac
}
