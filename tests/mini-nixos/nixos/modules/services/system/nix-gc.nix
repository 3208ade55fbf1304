{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.nix.gc;
in
{
  options.nix.gc = {
    automatic = mkOption { type = types.bool; default = false; description = "Automatically run the garbage collector at a specific time."; };
    dates = mkOption { type = types.either types.singleLineStr (types.listOf types.str); apply = lib.toList; default = [ "03:15" ]; description = "How often or when garbage collection is performed."; };
    persistent = mkOption { type = types.bool; default = true; description = "Whether a missed run is made up for."; };
    randomizedDelaySec = mkOption { type = types.singleLineStr; default = "0"; description = "Random delay before each run."; };
    options = mkOption { type = types.singleLineStr; default = ""; example = "--max-freed $((64 * 1024**3))"; description = "Options given to {file}`nix-collect-garbage` when the garbage collector is run automatically."; };
  };
  config = lib.mkIf cfg.automatic {
    systemd.services.nix-gc = {
      description = "Nix Garbage Collector";
      script = "exec nix-collect-garbage ${cfg.options}";
      serviceConfig.Type = "oneshot";
      startAt = cfg.dates;
    };
    systemd.timers.nix-gc.timerConfig = { RandomizedDelaySec = cfg.randomizedDelaySec; Persistent = cfg.persistent; };
  };
}
