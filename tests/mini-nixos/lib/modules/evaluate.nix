{ lib }:
let
  inherit (builtins) attrNames head removeAttrs length;
  inherit (lib) types mkOption showOption showDefs isOption recursiveUpdate;

  # What every evaluation has besides the options of its modules.
  internalModule = { specialArgs, args, check, extendModules, type }: { ... }: {
    _file = ./evaluate.nix;
    key = ./evaluate.nix;
    options._module = {
      args = mkOption {
        type = types.lazyAttrsOf types.raw;
        internal = true;
        description = "Additional arguments passed to each module.";
      };
      check = mkOption {
        type = types.bool;
        internal = true;
        default = check;
        description = "Whether to check whether all option definitions have matching declarations.";
      };
      freeformType = mkOption {
        type = types.nullOr types.optionType;
        internal = true;
        default = null;
        description = "If set, merge all definitions that don't have an associated option together using this type.";
      };
      specialArgs = mkOption {
        readOnly = true;
        internal = true;
        type = types.raw;
        description = "Externally provided module arguments, usable in imports.";
      };
    };
    config._module = {
      args = args // { inherit extendModules; moduleType = type; };
      inherit specialArgs;
    };
  };
in
rec {
  evalModules = given@{ modules, prefix ? [ ], specialArgs ? { }, class ? null, args ? { }, check ? true }:
    let
      loaded = lib.collectModules class (specialArgs.modulesPath or "")
        (modules ++ [ (internalModule { inherit specialArgs args check extendModules type; }) ])
        ({ inherit lib options specialArgs; config = whole; _class = class; _prefix = prefix; } // specialArgs);
      # The module that stands last is asked first: a historical order that lists of definitions show.
      merged = lib.mergeModules prefix (lib.reverseList loaded);
      options = merged.matchedOptions;
      declared = valuesOf options;
      freeform = declared._module.freeformType;
      whole =
        if freeform == null then declared
        else
          let
            defs = map (def: { inherit (def) file; value = lib.setAttrByPath def.prefix def.value; }) merged.unmatchedDefns;
            free = if defs == [ ] then { } else freeform.merge prefix defs;
          in
          # Freeform values have no properties left; where a declared option has the same path, it wins.
          if attrNames declared == [ "_module" ] then free // { inherit (declared) _module; } else recursiveUpdate free declared;
      config = builtins.seq checkUnmatched (removeAttrs whole [ "_module" ]);
      checkUnmatched =
        if !declared._module.check || freeform != null || merged.unmatchedDefns == [ ] then null
        else throw (unmatchedMessage prefix options (head merged.unmatchedDefns));
      extendModules = more: evalModules (given // {
        modules = modules ++ more.modules or [ ];
        specialArgs = specialArgs // more.specialArgs or { };
        prefix = more.prefix or prefix;
      });
      type = types.submoduleWith { inherit modules specialArgs class; };
    in {
      _type = "configuration";
      inherit class options config extendModules type;
      _module = builtins.seq checkUnmatched whole._module;
      graph = map (m: { inherit (m) key; file = m._file; }) loaded;
    };

  valuesOf = builtins.mapAttrs (_: node: if isOption node then node.value else valuesOf node);

  unmatchedMessage = prefix: options: def:
    let
      path = def.prefix;
      base = "The option `${showOption (prefix ++ path)}' does not exist. Definition values:${showDefs [ def ]}";
    in
    if attrNames options == [ "_module" ] then
      if prefix == [ ] then "${base}\n\nIt seems as if you're trying to declare an option by placing it into `config' rather than `options'!\n"
      else "${base}\n\nHowever there are no options defined in `${showOption prefix}'. Are you sure you've\ndeclared your options properly? This can happen if you e.g. declared your options in `types.submodule'\nunder `config' rather than `options'.\n"
    else base + suggestion prefix options path;

  # The names nearest to a misspelt one, where the misspelling is small.
  suggestion = prefix: options: path:
    let
      parent = lib.init path;
      name = lib.last path;
      names = attrNames (removeAttrs (lib.attrByPath parent { } options) [ "_module" ]);
      distance = other: lib.strings.levenshtein name other;
      near = lib.take 3 (lib.sortOn distance (builtins.filter (other: distance other <= 2) names));
      shown = map (other: "`${showOption (prefix ++ parent ++ [ other ])}'") near;
    in
    if near == [ ] then ""
    else "\n\nDid you mean ${if length near == 1 then head shown else "${lib.concatStringsSep ", " (lib.init shown)} or ${lib.last shown}"}?";
}
