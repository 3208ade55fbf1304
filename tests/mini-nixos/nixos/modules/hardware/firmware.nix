# Firmware and microcode: what modules of hardware set, without the blobs.
{ lib, ... }:
let
  inherit (lib) mkOption types;
  updateMicrocode = mkOption { type = types.bool; default = false; description = "Update the CPU microcode."; };
in
{
  options.hardware = {
    enableRedistributableFirmware = mkOption { type = types.bool; default = false; description = "Whether to enable firmware with a license allowing redistribution."; };
    enableAllFirmware = mkOption { type = types.bool; default = false; description = "Whether to enable all firmware."; };
    cpu.amd.updateMicrocode = updateMicrocode;
    cpu.intel.updateMicrocode = updateMicrocode;
  };
}
