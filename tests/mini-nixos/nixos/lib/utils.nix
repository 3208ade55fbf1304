# The module argument `utils`.
{ lib, config, pkgs }:
rec {
  copyFile = path: pkgs.runCommand (builtins.unsafeDiscardStringContext (baseNameOf path)) { } "cp ${path} $out";
  pathsNeededForBoot = [ "/" "/nix" "/nix/store" "/var" "/var/log" "/var/lib" "/var/lib/nixos" "/etc" "/usr" ];
  fsNeededForBoot = fs: fs.neededForBoot || builtins.elem fs.mountPoint pathsNeededForBoot;
  escapeSystemdPath = s:
    let
      trimmed = lib.removeSuffix "/" (lib.removePrefix "/" s);
      escape = c: if builtins.match "[a-zA-Z0-9:_.]" c != null then c else if c == "/" then "-" else if c == "-" then "\\x2d" else "\\x${c}";
    in if trimmed == "" then "-" else lib.concatMapStrings escape (lib.stringToCharacters trimmed);
  escapeSystemdExecArg = arg:
    let s = toString arg; in lib.replaceStrings [ "%" "$" ] [ "%%" "$$" ] (builtins.toJSON s);
  escapeSystemdExecArgs = lib.concatMapStringsSep " " escapeSystemdExecArg;
  toShellPath = shell: if lib.types.shellPackage.check shell then "/run/current-system/sw${shell.shellPath}" else shell;
  removePackagesByName = packages: remove: builtins.filter (package: !(builtins.elem (lib.getName package) (map lib.getName remove))) packages;
  systemdUtils = import ./systemd-units.nix { inherit lib pkgs; };
}
