{ lib, pkgs, config, ... }:
{
  _module.args.utils = import ../../lib/utils.nix { inherit lib config pkgs; };
}
