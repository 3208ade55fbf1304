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
  generations = "/nix/var/nix/profiles/system-*-link";
  # An entry for every generation; the one of the system that is installed is the default.
  entries = directory: configuration: installer "install-boot-entries.sh" ''
    mkdir -p ${directory}
    for link in ${generations}; do
      number=''${link#*/system-} number=''${number%-link} system=$(readlink -f "$link")
      { echo "title NixOS"; echo "version Generation $number $(cat "$system/nixos-version")"; echo "linux $system/kernel"; echo "initrd $system/initrd"
        echo "options init=$system/init $(cat "$system/kernel-params" 2>/dev/null)"; } > "${directory}/.new"
      mv -f ${directory}/.new "${directory}/nixos-generation-$number.conf"
      [ "$system" != "$top" ] || default=nixos-generation-$number.conf
    done
    for entry in ${directory}/nixos-generation-*.conf; do
      number=''${entry##*-} number=''${number%.conf}
      [ -e "/nix/var/nix/profiles/system-$number-link" ] || rm "$entry"
    done
    [ -z "$default" ] || { printf 'timeout 5\ndefault %s\n' "$default" > ${configuration}.new && mv -f ${configuration}.new ${configuration}; }
  '';
  # The loader itself is Debian's. As nixpkgs' installer does, it is written where it is not, or where that is asked for.
  installGrub = ''
    for device in ${toString (lib.remove "nodev" cfg.grub.devices)}; do
      grep -qsxF "$device" /boot/grub/state && [ "''${NIXOS_INSTALL_BOOTLOADER:-}" != 1 ] && continue
      echo "installing the GRUB 2 boot loader on $device..." >&2
      PATH=/usr/sbin:/usr/bin:/sbin:/bin grub-install --target=i386-pc --recheck --no-floppy --modules='part_gpt ext2' "$device" >&2
      echo "$device" > /boot/grub/state
    done
    [ -s /boot/grub/grubenv ] || PATH=/usr/sbin:/usr/bin grub-editenv /boot/grub/grubenv create
  '';
  grub = installer "install-grub.sh" ''
    entry() { # TITLE SYSTEM
      [ -e "$2/kernel" ] && [ -e "$2/initrd" ] || return 0
      printf 'menuentry "%s" {\n  linux %s init=%s %s\n  initrd %s\n}\n\n' "$1" "$2/kernel" "$2/init" "$(cat "$2/kernel-params")" "$2/initrd"
    }
    mkdir -p /boot/grub
    ${lib.optionalString (config.boot.kernelPackages.kernel.boots or false) installGrub}
    {
      cat << 'HEADER'
    if [ -s $prefix/grubenv ]; then
      load_env
    fi
    if [ "''${next_entry}" ]; then
      set default="''${next_entry}"
      set next_entry=
      save_env next_entry
    else
      set default=0
    fi
    HEADER
      cat ${pkgs.writeText "grub-extra-config" "${cfg.grub.extraConfig}\nset timeout=${toString cfg.timeout}\n"}
      entry "NixOS - Default" "$top"
      echo 'submenu "NixOS - All configurations" {'
      ls -d ${generations} | sed 's|.*/system-\([0-9]*\)-link|\1|' | sort -rn | while read -r number; do
        system=$(readlink -f "/nix/var/nix/profiles/system-$number-link")
        entry "NixOS - Configuration $number (2026-01-01 - $(cat "$system/nixos-version"))" "$system"
      done
      echo '}'
    } > /boot/grub/.grub.cfg.new
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
        extraConfig = mkOption { type = types.lines; default = ""; description = "Additional GRUB commands inserted in the configuration file just before the menu entries."; };
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
      (lib.mkIf cfg.systemd-boot.enable "${entries "${cfg.efi.efiSysMountPoint}/loader/entries" "${cfg.efi.efiSysMountPoint}/loader/loader.conf"}")
      (lib.mkIf cfg.generic-extlinux-compatible.enable "${entries "/boot/extlinux" "/boot/extlinux/extlinux.conf"}")
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
