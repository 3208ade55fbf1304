# An image that machines on Google Cloud start from as NixOS: nixpkgs' own, which takes the ssh host key and root's key
# from the instance's metadata before sshd starts for the first time.
{ modulesPath, pkgs, ... }:
{
  imports = [ "${modulesPath}/virtualisation/google-compute-image.nix" ];
  systemd.services.firn-first-boot = {
    description = "First ssh keys from the metadata service";
    unitConfig.ConditionPathExists = "!/var/lib/firn/first-boot";
    requiredBy = [ "sshd.service" ];
    before = [ "sshd.service" "sshd-keygen.service" ];
    wants = [ "network-online.target" ];
    after = [ "network-online.target" ];
    path = [ pkgs.curl pkgs.jq ];
    serviceConfig = {
      Type = "oneshot";
      RemainAfterExit = true;
    };
    script = builtins.readFile ./first-boot.sh;
  };
}
