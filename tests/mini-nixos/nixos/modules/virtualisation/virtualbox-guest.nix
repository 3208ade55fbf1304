# The service waits for a device in nixpkgs, too, which the machines of tests do not have.
{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.virtualisation.virtualbox.guest;
  additions = config.boot.kernelPackages.virtualboxGuestAdditions;
  feature = description: mkOption { type = types.bool; default = true; inherit description; };
in
{
  options.virtualisation.virtualbox.guest = {
    enable = mkOption { type = types.bool; default = false; description = "Whether to enable the VirtualBox service and other guest additions."; };
    clipboard = feature "Whether to enable clipboard support.";
    seamless = feature "Whether to enable seamless mode. When activated windows from the guest appear next to the windows of the host.";
    dragAndDrop = feature "Whether to enable drag and drop support.";
    vboxsf = feature "Whether to load vboxsf";
    use3rdPartyModules = feature "Whether to use the kernel modules provided by VirtualBox instead of the ones from the upstream kernel.";
  };
  config = lib.mkIf cfg.enable {
    environment.systemPackages = [ additions ];
    boot.extraModulePackages = lib.mkIf cfg.use3rdPartyModules [ additions ];
    boot.supportedFilesystems = lib.mkIf cfg.vboxsf [ "vboxsf" ];
    boot.initrd.supportedFilesystems = lib.mkIf cfg.vboxsf [ "vboxsf" ];
    systemd.services.virtualbox = {
      description = "VirtualBox Guest Services";
      wantedBy = [ "multi-user.target" ];
      unitConfig.ConditionVirtualization = "oracle";
      serviceConfig.ExecStart = "@${additions}/bin/VBoxService VBoxService --foreground";
    };
  };
}
