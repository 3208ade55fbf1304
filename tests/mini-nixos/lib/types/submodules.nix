{ lib, types, mkOptionType, defaultFunctor, ... }:
let
  inherit (builtins) isAttrs;
  isModule = x: isAttrs x || lib.isFunction x || types.path.check x;
  agree = what: show: a: b:
    if a == null then b else if b == null || a == b then a
    else throw "A submoduleWith option is declared multiple times with conflicting ${what}${show a b}";
in
{
  submodule = modules: types.submoduleWith { shorthandOnlyDefinesConfig = true; modules = lib.toList modules; };

  submoduleWith = attrs@{ modules, specialArgs ? { }, shorthandOnlyDefinesConfig ? false, description ? null, class ? null }:
    let
      description' = description;
      asModule = def:
        if isAttrs def.value && shorthandOnlyDefinesConfig == true then { _file = def.file; config = def.value; }
        else { _file = def.file; imports = [ def.value ]; };
      base = lib.evalModules {
        inherit class specialArgs;
        modules = [ { _module.args.name = lib.mkOptionDefault "‹name›"; } ] ++ modules;
      };
      freeformType = base._module.freeformType;
    in
    mkOptionType rec {
      name = "submodule";
      description = if description' != null then description' else freeformType.description or name;
      check = isModule;
      merge = loc: defs: (base.extendModules {
        modules = [ { _module.args.name = lib.last loc; } ] ++ map asModule defs;
        prefix = loc;
      }).config;
      emptyValue.value = { };
      getSubOptions = prefix: (base.extendModules { inherit prefix; }).options
        // lib.optionalAttrs (freeformType != null) { _freeformOptions = freeformType.getSubOptions prefix; };
      getSubModules = modules;
      substSubModules = modules: types.submoduleWith (attrs // { inherit modules; });
      nestedTypes = lib.optionalAttrs (freeformType != null) { inherit freeformType; };
      functor = defaultFunctor name // {
        type = types.submoduleWith;
        payload = { inherit modules class specialArgs shorthandOnlyDefinesConfig; description = description'; };
        binOp = a: b: {
          modules = a.modules ++ b.modules;
          class = agree "class values " (x: y: "\"${toString x}\" and \"${toString y}\".") a.class b.class;
          specialArgs =
            let both = builtins.attrNames (builtins.intersectAttrs a.specialArgs b.specialArgs);
            in if both == [ ] then a.specialArgs // b.specialArgs
            else throw "A submoduleWith option is declared multiple times with the same specialArgs \"${toString both}\"";
          shorthandOnlyDefinesConfig = agree "shorthandOnlyDefinesConfig values" (_: _: "") a.shorthandOnlyDefinesConfig b.shorthandOnlyDefinesConfig;
          description = agree "descriptions" (_: _: "") a.description b.description;
        };
      };
    };

  deferredModule = types.deferredModuleWith { };
  deferredModuleWith = attrs@{ staticModules ? [ ] }: mkOptionType {
    name = "deferredModule";
    description = "module";
    descriptionClass = "noun";
    check = isModule;
    merge = loc: defs: {
      imports = staticModules ++ map (def: lib.setDefaultModuleLocation "${def.file}, via option ${lib.showOption loc}" def.value) defs;
    };
    inherit (types.submoduleWith { modules = staticModules; }) getSubOptions getSubModules;
    substSubModules = modules: types.deferredModuleWith (attrs // { staticModules = modules; });
    functor = defaultFunctor "deferredModuleWith" // {
      type = types.deferredModuleWith;
      payload = { inherit staticModules; };
      binOp = a: b: { staticModules = a.staticModules ++ b.staticModules; };
    };
  };

  attrTag = tags: mkOptionType {
    name = "attrTag";
    description = "attribute-tagged union";
    descriptionClass = "noun";
    check = x: isAttrs x && builtins.length (builtins.attrNames x) == 1 && tags ? ${builtins.head (builtins.attrNames x)};
    getSubOptions = prefix: builtins.mapAttrs (name: option: { ${lib.showOption prefix} = option // { loc = prefix ++ [ name ]; declarations = option.declarations or [ ]; }; }) tags;
    merge = loc: defs:
      let
        tagOf = def: builtins.head (builtins.attrNames def.value);
        tag = tagOf (builtins.head defs);
        values = map
          (def: if tagOf def == tag then { inherit (def) file; value = def.value.${tag}; }
          else throw "The option `${lib.showOption loc}` is defined both as `${tag}` and `${tagOf def}`, in ${lib.showFiles (lib.getFiles defs)}.")
          defs;
      in { ${tag} = (lib.evalOptionValue (loc ++ [ tag ]) ({ declarations = [ ]; } // tags.${tag}) values).value; };
    nestedTypes = tags;
  };
}
