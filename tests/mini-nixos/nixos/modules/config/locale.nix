{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.i18n;
in
{
  options = {
    time.timeZone = mkOption {
      default = null;
      type = types.nullOr (types.addCheck types.str (s: !(lib.hasInfix " " s)) // { description = "null or string without spaces"; });
      example = "America/New_York";
      description = "The time zone used when displaying times and dates.";
    };
    i18n = {
      defaultLocale = mkOption { type = types.str; default = "en_US.UTF-8"; example = "nl_NL.UTF-8"; description = "The default locale."; };
      extraLocaleSettings = mkOption { type = types.attrsOf types.str; default = { }; example = { LC_TIME = "de_DE.UTF-8"; }; description = "Additional locale settings."; };
      supportedLocales = mkOption { type = types.listOf types.str; default = [ ]; description = "Locales that the system supports."; };
    };
    console.keyMap = mkOption { type = types.either types.str types.path; default = "us"; description = "The keyboard mapping table for the virtual consoles."; };
    console.font = mkOption { type = types.nullOr (types.either types.str types.path); default = null; description = "The font used for the virtual consoles."; };
  };
  config.environment.etc = {
    "locale.conf".text = lib.concatStrings (lib.mapAttrsToList (name: value: "${name}=${value}\n") ({ LANG = cfg.defaultLocale; } // cfg.extraLocaleSettings));
    localtime = lib.mkIf (config.time.timeZone != null) { source = "/usr/share/zoneinfo/${config.time.timeZone}"; mode = "direct-symlink"; };
  };
}
