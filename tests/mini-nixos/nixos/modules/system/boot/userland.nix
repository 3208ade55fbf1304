# For machines whose root is empty: the programs that are those of the machine's image elsewhere, systemd among them.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.system.userland;
  usr = pkgs.requireFile { inherit (cfg) name sha256; hashMode = "recursive"; };
in
{
  options.system.userland = mkOption {
    default = null;
    description = "The `/usr` of the machine, which is in the store already; `null` where it has one.";
    type = types.nullOr (types.submodule {
      options = {
        name = mkOption { type = types.str; default = "usr"; description = "Its name in the store."; };
        sha256 = mkOption { type = types.str; description = "Hash of its content, as `nix-store --query --hash` prints it."; };
      };
    });
  };
  config = lib.mkIf (cfg != null) {
    nix.settings = { sandbox = lib.mkDefault false; substituters = lib.mkDefault [ ]; };
    system.activationScripts.userland = ''
      [ "$(readlink /usr)" = ${usr} ] || ln -sfn ${usr} /usr
      for directory in bin lib lib64 sbin; do [ -e /$directory ] || ln -s usr/$directory /$directory; done
    '';
  };
}
