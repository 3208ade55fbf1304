{ lib, ... }:
let
  enable = what: lib.mkOption { type = lib.types.bool; default = true; description = "Whether to install ${what}."; };
in
{
  options.documentation = {
    enable = enable "documentation of packages from environment.systemPackages";
    nixos.enable = enable "NixOS's own documentation";
    man.enable = enable "manual pages";
    doc.enable = enable "documentation distributed in packages' /share/doc";
    info.enable = enable "info pages";
  };
}
