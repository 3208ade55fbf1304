{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.security.sudo;
in
{
  options.security.sudo = {
    enable = mkOption { type = types.bool; default = true; description = "Whether to enable the {command}`sudo` command."; };
    wheelNeedsPassword = mkOption { type = types.bool; default = true; description = "Whether users of the `wheel` group must provide a password to run commands as super user via {command}`sudo`."; };
    execWheelOnly = mkOption { type = types.bool; default = false; description = "Only allow members of the `wheel` group to execute sudo."; };
    extraRules = mkOption { type = types.listOf types.attrs; default = [ ]; description = "Define specific rules to be in the {file}`sudoers` file."; };
    extraConfig = mkOption { type = types.lines; default = ""; description = "Extra configuration text appended to {file}`sudoers`."; };
  };
  config.environment.etc.sudoers = lib.mkIf cfg.enable {
    mode = "0440";
    text = ''
      root ALL=(ALL:ALL) SETENV: ALL
      %wheel ALL=(ALL:ALL) ${lib.optionalString (!cfg.wheelNeedsPassword) "NOPASSWD: "}SETENV: ALL
      ${lib.concatMapStrings
        (rule: lib.concatMapStrings
          (who: lib.concatMapStrings
            (each: let command = if builtins.isString each then { command = each; } else each; in
              "${who} ALL=(ALL:ALL) ${lib.concatMapStrings (option: "${option}: ") (command.options or [ ])}${command.command}\n")
            rule.commands)
          (rule.users or [ ] ++ map (group: "%${group}") (rule.groups or [ ])))
        cfg.extraRules}${cfg.extraConfig}'';
  };
}
