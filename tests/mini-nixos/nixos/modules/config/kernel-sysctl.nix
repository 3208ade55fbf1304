{ config, lib, ... }:
let
  inherit (lib) types;
  value = lib.mkOptionType {
    name = "sysctl option value";
    check = x: x == null || builtins.isBool x || builtins.isString x || builtins.isInt x;
    merge = lib.mergeEqualOption;
  };
  show = v: if v == true then "1" else if v == false then "0" else toString v;
  settings = lib.filterAttrs (_: v: v != null) config.boot.kernel.sysctl;
in
{
  options.boot.kernel.sysctl = lib.mkOption {
    type = types.attrsOf value;
    default = { };
    example = { "net.ipv4.tcp_syncookies" = false; };
    description = "Runtime parameters of the Linux kernel, as set by {manpage}`sysctl(8)`.";
  };
  config = lib.mkIf (settings != { }) {
    environment.etc."sysctl.d/60-nixos.conf".text = lib.concatStrings (lib.mapAttrsToList (name: v: "${name}=${show v}\n") settings);
    # A container may set what belongs to its own network, and nothing else.
    systemd.services.systemd-sysctl = {
      description = "Apply Kernel Variables";
      wantedBy = [ "multi-user.target" ];
      restartTriggers = [ config.environment.etc."sysctl.d/60-nixos.conf".source ];
      serviceConfig = { Type = "oneshot"; RemainAfterExit = true; };
      script = ''
        while IFS="=" read -r name value; do
          echo "$value" > "/proc/sys/$(echo "$name" | tr . /)" || echo "$name stays as it is"
        done < /etc/sysctl.d/60-nixos.conf
      '';
    };
  };
}
