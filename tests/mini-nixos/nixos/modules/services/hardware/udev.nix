# The devices of tests' machines are there without udev.
{ lib, ... }:
let
  inherit (lib) mkOption types;
in
{
  options.services.udev = {
    packages = mkOption { type = types.listOf types.path; default = [ ]; description = "List of packages containing {command}`udev` rules."; };
    path = mkOption { type = types.listOf types.path; default = [ ]; description = "Packages added to the {env}`PATH` environment variable when executing programs from Udev rules."; };
    extraRules = mkOption { type = types.lines; default = ""; description = "Additional {command}`udev` rules."; };
  };
}
