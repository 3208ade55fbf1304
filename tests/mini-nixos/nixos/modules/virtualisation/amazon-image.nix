# How instances on Amazon EC2 are configured, whether from NixOS' images or not. The metadata service is asked by the
# image of the stand-in cloud, and there is no agent of Amazon's.
{ config, lib, ... }:
let
  inherit (lib) mkDefault mkIf;
  cfg = config.ec2;
in
{
  imports = [ ./amazon-init.nix ];
  config = {
    boot = {
      blacklistedKernelModules = [ "nouveau" "xen_fbfront" ];
      growPartition = true;
      initrd = { availableKernelModules = [ "nvme" ]; kernelModules = [ "xen-blkfront" ]; };
      kernelParams = [ "console=ttyS0,115200n8" "random.trust_cpu=on" ];
      loader = {
        timeout = 1;
        grub = { device = if cfg.efi then "nodev" else "/dev/xvda"; efiSupport = cfg.efi; efiInstallAsRemovable = cfg.efi; };
      };
    };
    fileSystems = {
      "/" = { device = "/dev/disk/by-label/nixos"; fsType = "ext4"; autoResize = true; };
      "/boot" = mkIf cfg.efi { device = "/dev/disk/by-label/ESP"; fsType = "vfat"; };
    };
    networking = {
      hostName = mkDefault "";
      timeServers = [ "169.254.169.123" ];
    };
    services.openssh = { enable = true; settings.PermitRootLogin = "prohibit-password"; };
  };
}
