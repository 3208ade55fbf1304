# Arrays of mdadm, as far as configurations say them.
{ lib, ... }:
let
  inherit (lib) mkOption types;
in
{
  options.boot.swraid = {
    enable = mkOption { type = types.bool; default = false; description = "Whether to enable swraid support using mdadm."; };
    mdadmConf = mkOption { type = types.lines; default = ""; description = "Contents of {file}`/etc/mdadm.conf`."; };
  };
}
