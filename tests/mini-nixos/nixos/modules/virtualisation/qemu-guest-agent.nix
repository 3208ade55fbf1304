# A device starts it, which the machines of tests do not have.
{ lib, ... }:
{
  options.services.qemuGuest.enable = lib.mkOption { type = lib.types.bool; default = false; description = "Whether to enable the qemu guest agent."; };
}
