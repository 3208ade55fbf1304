# What an image for Amazon EC2 is like.
{ config, lib, pkgs, ... }:
{
  options.ec2.efi = lib.mkOption { type = lib.types.bool; default = pkgs.stdenv.hostPlatform.isAarch64; internal = true; description = "Whether the EC2 instance is using EFI."; };
}
