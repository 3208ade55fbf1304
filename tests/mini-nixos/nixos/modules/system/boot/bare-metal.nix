# What a system needs beyond its kernel where no image gives it a root file system, devices and addresses. In nixpkgs
# these are many modules; here they count for kernels that boot (`pkgs.linuxPackages_cloud`) alone.
{ config, lib, pkgs, ... }:
let
  userland = pkgs.debianPart "debian-userland";
  root = config.fileSystems."/";
  # The first partition of a disk, such as /dev/vda1.
  disk = lib.removeSuffix "1" root.device;
  wanted = { wantedBy = [ "multi-user.target" ]; };
  dhcp = name: lib.nameValuePair "dhcpcd-${name}" (wanted // {
    description = "DHCP Client on ${name}";
    before = [ "network.target" ];
    stopIfChanged = false;
    restartIfChanged = false;
    serviceConfig.Type = "forking";
    script = "ip link set up dev ${name}; exec udhcpc -b -i ${name} -s ${pkgs.writeScript "dhcpcd-hook" hook}";
  });
  hook = ''
    #!${pkgs.runtimeShell}
    PATH=${pkgs.busybox}/bin
    case $1 in
      bound | renew)
        ip address replace "$ip/''${mask:-24}" dev "$interface"
        for gateway in $router; do ip route replace default via "$gateway" dev "$interface"; done;;
    esac
  '';
  asks = each: if each.useDHCP != null then each.useDHCP else config.networking.useDHCP && each.ipv4.addresses == [ ];
in
{
  config = lib.mkIf (!config.boot.isContainer && config.boot.kernelPackages.kernel.boots or false) {
    nix.package = pkgs.debianNix;
    boot.kernelParams = [ "panic=10" "audit=0" ];
    system.userland = "${userland}/usr";
    boot.userland = lib.mkAfter ''
      mkdir -p /etc /home /var/lib /var/log /run /dev/pts /dev/shm
      mkdir -p -m 1777 /tmp /var/tmp
      mkdir -p -m 0700 /root
      ln -sfn /run /var/run
      (cd ${userland}/etc; find . -type d) | while read -r each; do mkdir -p "/etc/$each"; done
      (cd ${userland}/etc; find . ! -type d) | while read -r each; do
        [ -e "/etc/$each" ] || [ -L "/etc/$each" ] || { cp -a "${userland}/etc/$each" "/etc/$each"; [ -L "/etc/$each" ] || chmod u+w "/etc/$each"; }
      done
    '';
    systemd.services = {
      loopback = wanted // {
        description = "Loopback interface";
        before = [ "network.target" ];
        serviceConfig = { Type = "oneshot"; RemainAfterExit = true; };
        script = "ip link set up dev lo";
      };
    } // lib.listToAttrs (map (each: dhcp each.name) (lib.filter asks (lib.attrValues config.networking.interfaces)))
      // lib.optionalAttrs config.boot.growPartition {
        growpart = wanted // {
          description = "Grow the root partition";
          before = lib.optional root.autoResize "systemd-growfs-root.service";
          serviceConfig = { Type = "oneshot"; RemainAfterExit = true; };
          script = "echo ', +' | sfdisk --no-reread --force -N 1 ${disk} || true; partx --update ${disk}";
        };
      } // lib.optionalAttrs root.autoResize {
        systemd-growfs-root = wanted // {
          description = "Grow Root File System";
          after = [ "growpart.service" ];
          serviceConfig = { Type = "oneshot"; RemainAfterExit = true; ExecStart = "/usr/sbin/resize2fs ${root.device}"; };
        };
      };
  };
}
