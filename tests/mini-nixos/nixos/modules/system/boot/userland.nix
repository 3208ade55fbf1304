# For machines whose root is empty: the programs that are those of the machine's image elsewhere, systemd among them.
{ config, lib, ... }:
let
  usr = config.system.userland;
in
{
  options.system.userland = lib.mkOption {
    default = null;
    description = "The `/usr` of the machine, which is in the store already; `null` where it has one.";
    type = lib.types.nullOr lib.types.path;
  };
  config = lib.mkIf (usr != null) {
    nix.settings = { sandbox = lib.mkDefault false; substituters = lib.mkDefault [ ]; };
    boot.userland = ''
      echo "using Debian's programs"
      for directory in usr bin sbin lib lib64; do
        case $directory in usr) target=${usr};; *) target=usr/$directory;; esac
        [ "$(readlink /$directory)" = "$target" ] || { rm -rf /$directory; ln -s "$target" /$directory; }
      done
    '';
  };
}
