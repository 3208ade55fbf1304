# What `switch` and `boot` do so that the next boot finds the system.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.boot.loader;
  efi = mkOption { type = types.str; default = "/boot"; description = "Where the EFI System Partition is mounted."; };
  installer = name: text: pkgs.writeScript name "#!${pkgs.runtimeShell} -e\nPATH=${pkgs.busybox}/bin\ntop=$1\n${text}";
  # The machine's supervisor starts /sbin/init; replacing it is one rename.
  initScript = installer "install-sbin-init.sh" ''
    mkdir -p /sbin
    printf '#!%s\nexec %s/init "$@"\n' ${pkgs.runtimeShell} "$top" > /sbin/.init.new
    chmod 755 /sbin/.init.new
    mv -f /sbin/.init.new /sbin/init
  '';
  entries = directory: installer "install-boot-entry.sh" ''
    mkdir -p ${directory}
    { echo "title NixOS"; echo "version $(cat "$top/nixos-version")"; echo "linux $top/kernel"; echo "initrd $top/initrd"
      echo "options init=$top/init $(cat "$top/kernel-params")"; } > ${directory}/.nixos.conf.new
    mv -f ${directory}/.nixos.conf.new ${directory}/nixos.conf
  '';
  grub = installer "install-grub.sh" ''
    mkdir -p /boot/grub
    { echo "menuentry \"NixOS\" {"; echo "  linux $top/kernel init=$top/init $(cat "$top/kernel-params")"; echo "  initrd $top/initrd"; echo "}"; } > /boot/grub/.grub.cfg.new
    mv -f /boot/grub/.grub.cfg.new /boot/grub/grub.cfg
  '';
in
{
  imports = [ (lib.mkAliasOptionModule [ "boot" "loader" "grub" "bootDevice" ] [ "boot" "loader" "grub" "device" ]) ];
  options = {
    boot.loader = {
      timeout = mkOption { type = types.nullOr types.int; default = 5; description = "Timeout (in seconds) until loader boots the default menu item."; };
      grub = {
        enable = mkOption { type = types.bool; default = !config.boot.isContainer; description = "Whether to enable the GNU GRUB boot loader."; };
        device = mkOption { type = types.str; default = ""; example = "/dev/disk/by-id/wwn-0x500001234567890a"; description = "The device on which the GRUB boot loader will be installed."; };
        devices = mkOption { type = types.listOf types.str; default = [ ]; description = "The devices on which the boot loader, GRUB, will be installed."; };
        efiSupport = mkOption { type = types.bool; default = false; description = "Whether GRUB should be built with EFI support."; };
        efiInstallAsRemovable = mkOption { type = types.bool; default = false; description = "Whether to invoke `grub-install` with `--removable`."; };
        configurationLimit = mkOption { type = types.int; default = 100; description = "Maximum of configurations in boot menu."; };
        useOSProber = mkOption { type = types.bool; default = false; description = "If set to true, append entries for other OSs detected by os-prober."; };
      };
      systemd-boot = {
        enable = mkOption { type = types.bool; default = false; description = "Whether to enable the systemd-boot (formerly gummiboot) EFI boot manager."; };
        configurationLimit = mkOption { type = types.nullOr types.int; default = null; description = "Maximum number of latest generations in the boot menu."; };
      };
      initScript.enable = mkOption { type = types.bool; default = false; description = "Some systems require a /sbin/init script which is started. Or having it makes starting NixOS easier."; };
      generic-extlinux-compatible.enable = mkOption { type = types.bool; default = false; description = "Whether to generate an extlinux-compatible configuration file under `/boot/extlinux.conf`."; };
      efi = {
        canTouchEfiVariables = mkOption { type = types.bool; default = false; description = "Whether the installation process is allowed to modify EFI boot variables."; };
        efiSysMountPoint = efi;
      };
    };
    system.build.installBootLoader = mkOption {
      internal = true;
      default = pkgs.writeScript "no-bootloader" ''
        #!${pkgs.runtimeShell}
        echo 'Warning: do not know how to make this configuration bootable; please enable a boot loader.' 1>&2
      '';
      type = types.either types.str types.package;
      description = "A program that writes a bootloader installation script to the path passed in the first command line argument.";
    };
  };
  config = {
    boot.loader.grub.devices = lib.optional (cfg.grub.device != "") cfg.grub.device;
    system.build.installBootLoader = lib.mkMerge [
      (lib.mkIf config.boot.isContainer (lib.mkDefault "${pkgs.busybox}/bin/true"))
      (lib.mkIf cfg.initScript.enable "${initScript}")
      (lib.mkIf cfg.systemd-boot.enable "${entries "${cfg.efi.efiSysMountPoint}/loader/entries"}")
      (lib.mkIf cfg.generic-extlinux-compatible.enable "${entries "/boot/extlinux"}")
      (lib.mkIf cfg.grub.enable "${grub}")
    ];
    assertions = lib.mkIf cfg.grub.enable [
      {
        assertion = cfg.grub.devices != [ ];
        message = "You must set the option ‘boot.loader.grub.devices’ or 'boot.loader.grub.mirroredBoots' to make the system bootable.";
      }
    ];
  };
}
