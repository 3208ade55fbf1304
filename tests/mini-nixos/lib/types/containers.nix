{ lib, types, mkOptionType, addCheck, defaultFunctor, elemTypeFunctor, optionDescriptionPhrase, ... }:
let
  inherit (builtins) isList isAttrs filter concatLists mapAttrs zipAttrsWith all;
  phrase = optionDescriptionPhrase (class: class == "noun" || class == "composite");
  positioned = map (def: mapAttrs (_: value: { inherit (def) file; inherit value; }) def.value);
in
{
  listOf = elemType: mkOptionType rec {
    name = "listOf";
    description = "list of ${phrase elemType}";
    descriptionClass = "composite";
    check = isList;
    merge = loc: defs: map (each: each.value) (filter (each: each ? value) (concatLists (lib.imap1
      (n: def: lib.imap1
        (m: value: (lib.mergeDefinitions (loc ++ [ "[definition ${toString n}-entry ${toString m}]" ]) elemType [ { inherit (def) file; inherit value; } ]).optionalValue)
        def.value)
      defs)));
    emptyValue.value = [ ];
    getSubOptions = prefix: elemType.getSubOptions (prefix ++ [ "*" ]);
    getSubModules = elemType.getSubModules;
    substSubModules = modules: types.listOf (elemType.substSubModules modules);
    functor = elemTypeFunctor name { inherit elemType; };
    nestedTypes.elemType = elemType;
  };
  nonEmptyListOf = elemType:
    let list = addCheck (types.listOf elemType) (l: l != [ ]);
    in list // {
      description = "non-empty ${optionDescriptionPhrase (class: class == "noun") list}";
      emptyValue = { };
      substSubModules = modules: types.nonEmptyListOf (elemType.substSubModules modules);
    };

  attrsOf = elemType: types.attrsWith { inherit elemType; };
  lazyAttrsOf = elemType: types.attrsWith { inherit elemType; lazy = true; };
  attrsWith = { elemType, lazy ? false, placeholder ? "name" }: mkOptionType {
    name = if lazy then "lazyAttrsOf" else "attrsOf";
    description = "${if lazy then "lazy attribute set" else "attribute set"} of ${phrase elemType}";
    descriptionClass = "composite";
    check = isAttrs;
    merge = loc: defs:
      if lazy then zipAttrsWith
        (name: defs:
          let merged = lib.mergeDefinitions (loc ++ [ name ]) elemType defs;
          in merged.optionalValue.value or elemType.emptyValue.value or merged.mergedValue)
        (positioned defs)
      else mapAttrs (_: each: each.value) (lib.filterAttrs (_: each: each ? value)
        (zipAttrsWith (name: defs: (lib.mergeDefinitions (loc ++ [ name ]) elemType defs).optionalValue) (positioned defs)));
    emptyValue.value = { };
    getSubOptions = prefix: elemType.getSubOptions (prefix ++ [ "<${placeholder}>" ]);
    getSubModules = elemType.getSubModules;
    substSubModules = modules: types.attrsWith { elemType = elemType.substSubModules modules; inherit lazy placeholder; };
    functor = elemTypeFunctor "attrsWith" { inherit elemType lazy placeholder; } // {
      type = types.attrsWith;
      binOp = a: b:
        let merged = a.elemType.typeMerge b.elemType.functor;
        in if merged == null || a.lazy != b.lazy then null
        else { elemType = merged; inherit (a) lazy; placeholder = if a.placeholder == "name" then b.placeholder else a.placeholder; };
    };
    nestedTypes.elemType = elemType;
  };
  loaOf = elemType: types.attrsOf elemType // {
    name = "loaOf";
    deprecationMessage = "Mixing lists with attribute values is no longer possible; please use `types.attrsOf` instead. See https://github.com/NixOS/nixpkgs/issues/1800 for the motivation.";
    nestedTypes.elemType = elemType;
  };

  functionTo = elemType: mkOptionType {
    name = "functionTo";
    description = "function that evaluates to a(n) ${phrase elemType}";
    descriptionClass = "composite";
    check = lib.isFunction;
    merge = loc: defs: arg:
      (lib.mergeDefinitions (loc ++ [ "<function body>" ]) elemType (map (def: { inherit (def) file; value = def.value arg; }) defs)).mergedValue;
    getSubOptions = prefix: elemType.getSubOptions (prefix ++ [ "<function body>" ]);
    getSubModules = elemType.getSubModules;
    substSubModules = modules: types.functionTo (elemType.substSubModules modules);
    functor = defaultFunctor "functionTo" // { wrapped = elemType; };
    nestedTypes.elemType = elemType;
  };
  uniq = types.unique { message = ""; };
  unique = { message }: type: mkOptionType rec {
    name = "unique";
    inherit (type) description descriptionClass check emptyValue getSubOptions getSubModules;
    merge = lib.mergeUniqueOption { inherit message; inherit (type) merge; };
    substSubModules = modules: types.uniq (type.substSubModules modules);
    functor = defaultFunctor name // { wrapped = type; type = types.unique { inherit message; }; };
    nestedTypes.elemType = type;
  };
}
