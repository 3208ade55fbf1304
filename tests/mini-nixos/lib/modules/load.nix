# From what `imports` may hold (paths, functions, sets) to a flat list of modules in one form.
{ lib }:
let
  inherit (builtins) isAttrs isString isList isPath concatMap elem attrNames removeAttrs addErrorContext;
  inherit (lib) isFunction mkMerge;

  moduleKeys = [ "_class" "_file" "key" "disabledModules" "imports" "options" "config" "meta" "freeformType" ];
in
rec {
  # A module in canonical form: { _file, _class, key, disabledModules, imports, options, config }.
  unifyModuleSyntax = file: key: m:
    let
      extras = builtins.filter (x: x != null) [
        (if m ? meta then { inherit (m) meta; } else null)
        (if m ? freeformType then { _module.freeformType = m.freeformType; } else null)
      ];
      withExtras = config: if extras == [ ] then config else mkMerge ([ config ] ++ extras);
      common = {
        _file = toString (m._file or file);
        _class = m._class or null;
        key = toString (m.key or key);
        disabledModules = m.disabledModules or [ ];
      };
      unsupported = removeAttrs m moduleKeys;
    in
    if m ? config || m ? options then
      if unsupported != { } then
        throw "Module `${toString key}' has an unsupported attribute `${builtins.head (attrNames unsupported)}'. This is caused by introducing a top-level `config' or `options' attribute. Add configuration attributes immediately on the top level instead, or move all of them (namely: ${toString (attrNames unsupported)}) into the explicit `config' attribute."
      else common // {
        imports = m.imports or [ ];
        options = m.options or { };
        config = withExtras (m.config or { });
      }
    else if !(isAttrs m) then throw "Module `${toString key}' does not look like a module."
    else common // {
      imports = m.require or [ ] ++ m.imports or [ ];
      options = { };
      config = withExtras (removeAttrs m [ "_class" "_file" "key" "disabledModules" "require" "imports" "freeformType" "meta" ]);
    };

  applyModuleArgs = key: f: args:
    let
      context = name: "while evaluating the module argument `${name}' in \"${toString key}\":";
      named = builtins.mapAttrs (name: _: addErrorContext (context name) (args.${name} or args.config._module.args.${name})) (lib.functionArgs f);
    in
    f (args // named);
  applyModuleArgsIfFunction = key: f: args: if isFunction f then applyModuleArgs key f args else f;

  loadModule = args: fallbackFile: fallbackKey: m:
    if isFunction m then unifyModuleSyntax fallbackFile fallbackKey (applyModuleArgs fallbackKey m args)
    else if isAttrs m then
      if m._type or "module" == "module" then unifyModuleSyntax fallbackFile fallbackKey m
      else if m._type == "if" || m._type == "override" then loadModule args fallbackFile fallbackKey { config = m; }
      else throw "Could not load a value as a module, because it is of type ${lib.strings.escapeNixString m._type}, in file ${toString fallbackFile}."
    else if isList m then
      throw "Module imports can't be nested lists. Perhaps you meant to remove one level of lists? Definitions: ${lib.showDefs [ { file = fallbackFile; value = m; } ]}"
    else unifyModuleSyntax (toString m) (toString m) (applyModuleArgsIfFunction (toString m) (import m) args);

  # All modules that a list leads to, each once, without the disabled ones.
  collectModules = class: modulesPath: initial: args:
    let
      expand = file: key: modules: lib.imap1
        (n: m:
          let
            module = checkClass class (loadModule args file "${key}:anon-${toString n}" m);
            below = expand module._file module.key module.imports;
          in {
            inherit (module) key;
            inherit module;
            modules = below;
            disabled = (if module.disabledModules == [ ] then [ ] else [ { file = module._file; disabled = module.disabledModules; } ])
              ++ concatMap (each: each.disabled) below;
          })
        modules;
      tree = expand lib.unknownModule "" initial;
      keyOf = file: m:
        if isString m then (if builtins.substring 0 1 m == "/" then m else toString modulesPath + "/" + m)
        else if isPath m then toString m
        else if m ? key then toString m.key
        else if m ? _file then toString m._file
        else throw "Module `${file}` contains a disabledModules item that is an attribute set, presumably a module, that does not have a `key` attribute. This means that the module system doesn't have any means to identify the module that should be disabled. Make sure that you've put the correct value in disabledModules: a string path relative to modulesPath, a path value, or an attribute set with a `key` attribute.";
      disabledKeys = concatMap (each: concatMap (each: map (keyOf each.file) each.disabled) each.disabled) tree;
      enabled = if disabledKeys == [ ] then lib.id else builtins.filter (each: !(elem each.key disabledKeys));
    in
    map (each: each.module) (builtins.genericClosure {
      startSet = enabled tree;
      operator = each: enabled each.modules;
    });

  checkClass = class: module:
    if class == null || module._class == null || module._class == class then module
    else throw "The module `${module._file}` (class: \"${module._class}\") cannot be imported into a module evaluation that expects class \"${class}\".";

  setDefaultModuleLocation = file: m: { _file = file; imports = [ m ]; };
  importApply = path: args: setDefaultModuleLocation path (import path args);
}
