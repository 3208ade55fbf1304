# Options that moved or went.
{ lib }:
let
  inherit (lib) getAttrFromPath setAttrByPath attrByPath showOption mkOption mkIf mkMerge optional;
in
rec {
  mkRemovedOptionModule = path: replacement: { options, ... }: {
    options = setAttrByPath path (mkOption {
      visible = false;
      apply = _: throw "The option `${showOption path}' can no longer be used since it's been removed. ${replacement}";
    });
    config.assertions =
      let option = getAttrFromPath path options;
      in [ {
        assertion = !option.isDefined;
        message = "The option definition `${showOption path}' in ${lib.showFiles option.files} no longer has any effect; please remove it.\n${replacement}";
      } ];
  };
  mkRenamedOptionModule = from: to: doRename {
    inherit from to;
    visible = false;
    warn = true;
    use = value: lib.warn "Obsolete option `${showOption from}' is used. It was renamed to `${showOption to}'." value;
  };
  mkRenamedOptionModuleWith = { from, to, sinceRelease ? 0 }: doRename {
    inherit from to;
    visible = false;
    warn = lib.isInOldestRelease sinceRelease;
    use = value: lib.warnIf (lib.isInOldestRelease sinceRelease) "Obsolete option `${showOption from}' is used. It was renamed to `${showOption to}'." value;
  };
  mkAliasOptionModule = from: to: doRename { inherit from to; visible = true; warn = false; use = lib.id; };
  mkAliasOptionModuleMD = mkAliasOptionModule;
  mkChangedOptionModule = from: to: change: mkMergedOptionModule [ from ] to change;
  mkMergedOptionModule = from: to: merge: { config, options, ... }: {
    options = builtins.foldl' lib.recursiveUpdate { } (map
      (path: setAttrByPath path (mkOption { visible = false; default = "_mkMergedOptionModule"; }))
      from);
    config = mkMerge [
      {
        warnings = builtins.concatMap
          (path:
            let value = getAttrFromPath path config; option = getAttrFromPath path options;
            in optional (value != "_mkMergedOptionModule") "The option `${showOption path}' defined in ${lib.showFiles option.files} has been changed to `${showOption to}' that has a different type. Please read `${showOption to}' documentation and update your configuration accordingly.")
          from;
      }
      (setAttrByPath to (mkMerge (map
        (path: let value = getAttrFromPath path config; in mkIf (value != "_mkMergedOptionModule") (merge config))
        (lib.take 1 from))))
    ];
  };

  doRename = { from, to, visible, warn, use, withPriority ? true, condition ? true }: { config, options, ... }:
    let
      option = getAttrFromPath from options;
      # The target may lie inside another option's type, where it cannot be seen from here.
      type = (attrByPath to { } options).type or (lib.types.submodule { });
    in {
      options = setAttrByPath from (mkOption {
        inherit visible type;
        description = "Alias of {option}`${showOption to}`.";
        apply = _: use (attrByPath to (throw "Renaming error: option `${showOption to}' does not exist.") config);
      });
      config = mkIf condition (mkMerge [
        (lib.optionalAttrs (options ? warnings) {
          warnings = optional (warn && option.isDefined)
            "The option `${showOption from}' defined in ${lib.showFiles option.files} has been renamed to `${showOption to}'.";
        })
        (setAttrByPath to ((if withPriority then lib.mkAliasAndWrapDefsWithPriority else lib.mkAliasAndWrapDefinitions) lib.id option))
      ]);
    };
}
