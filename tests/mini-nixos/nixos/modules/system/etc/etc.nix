# The files of /etc.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types escapeShellArgs;
  entries = lib.filter (entry: entry.enable) (lib.attrValues config.environment.etc);
  etc = pkgs.runCommandLocal "etc" { } (''
    mkdir -p $out/etc
    entry() { # SOURCE TARGET MODE USER GROUP
      target=$out/etc/$2
      mkdir -p "''${target%/*}"
      if [ -e "$target" ] || [ -L "$target" ]; then
        [ "$(readlink "$target")" = "$1" ] || { echo "mismatched duplicate entry $(readlink "$target") <-> $1"; exit 1; }
        return
      fi
      ln -s "$1" "$target"
      [ "$3" = symlink ] || { echo "$3" > "$target.mode"; echo "$4" > "$target.uid"; echo "$5" > "$target.gid"; }
    }
  '' + lib.concatMapStrings
    (entry: "entry ${escapeShellArgs [ "${entry.source}" entry.target entry.mode entry.user entry.group ]}\n")
    entries);
in
{
  options = {
    environment.etc = mkOption {
      default = { };
      example = { example-configuration-file = { source = "/nix/store/.../etc/dir/file.conf.example"; mode = "0440"; }; };
      description = "Set of files that have to be linked in {file}`/etc`.";
      type = types.attrsOf (types.submodule ({ name, config, options, ... }: {
        options = {
          enable = mkOption { type = types.bool; default = true; description = "Whether this /etc file should be generated."; };
          target = mkOption { type = types.str; description = "Name of symlink (relative to {file}`/etc`)."; };
          text = mkOption { default = null; type = types.nullOr types.lines; description = "Text of the file."; };
          source = mkOption { type = types.path; description = "Path of the source file."; };
          mode = mkOption { type = types.str; default = "symlink"; example = "0600"; description = "If set to something else than `symlink`, the file is copied instead of symlinked, with the given file mode."; };
          uid = mkOption { default = 0; type = types.int; description = "UID of created file."; };
          gid = mkOption { default = 0; type = types.int; description = "GID of created file."; };
          user = mkOption { default = "+${toString config.uid}"; type = types.str; description = "User name of file owner."; };
          group = mkOption { default = "+${toString config.gid}"; type = types.str; description = "Group name of file owner."; };
        };
        config = {
          target = lib.mkDefault name;
          source = lib.mkIf (config.text != null) (lib.mkDerivedConfig options.text (pkgs.writeText "etc-${lib.replaceStrings [ "/" ] [ "-" ] name}"));
        };
      }));
    };
  };
  config = {
    system.build = { inherit etc; };
    system.activationScripts.etc = lib.stringAfter [ "users" "specialfs" ] ''
      echo "setting up /etc..."
      sh ${./setup-etc.sh} ${etc}/etc
    '';
  };
}
