# Declarations and definitions of many modules, brought together along the tree of option names.
{ lib }:
let
  inherit (builtins) concatMap mapAttrs attrNames isAttrs zipAttrsWith removeAttrs head length catAttrs addErrorContext;
  inherit (lib) isOption showOption pushDownProperties evalOptionValue;

  # [{ file, attrs }] -> name -> [{ file, value }]
  byName = sets: zipAttrsWith (_: values: values) (map (each: mapAttrs (_: value: { inherit (each) file; inherit value; }) each.attrs) sets);
in
rec {
  # { matchedOptions: the tree of evaluated options, unmatchedDefns: [{ file, prefix, value }] }
  mergeModules = prefix: modules:
    mergeTree prefix
      (map (m: { file = m._file; attrs = m.options; }) modules)
      (concatMap (m: map (attrs: { file = m._file; inherit attrs; }) (pushDownChecked m._file prefix m.config)) modules);
  mergeModules' = mergeTree;

  pushDownChecked = file: prefix: config: map
    (attrs:
      if isAttrs attrs then attrs
      else throw ("You're trying to define a value of type `${builtins.typeOf attrs}'\nrather than an attribute set for the option\n`${showOption prefix}'!\n\n"
        + "This usually happens if `${showOption prefix}' has option\ndefinitions inside that are not matched. Please check how to properly define\nthis option by e.g. referring to `man 5 configuration.nix'!\n"))
    (addErrorContext "while evaluating definitions from `${toString file}':" (pushDownProperties config));

  mergeTree = prefix: declarations: definitions:
    let
      declared = byName declarations;
      defined = byName definitions;
      results = mapAttrs
        (name: decls:
          let
            loc = prefix ++ [ name ];
            defs = defined.${name} or [ ];
            isOpt = builtins.partition (each: isOption each.value) decls;
            options = isOpt.right;
            sets = isOpt.wrong;
            bad = builtins.filter (each: !(isAttrs each.value)) sets;
          in
          if sets == [ ] then {
            matchedOptions = evalOptionValue loc (fixupOptionType loc (mergeOptionDecls loc (map asDeclaration decls))) defs;
            unmatchedDefns = [ ];
          }
          else if options == [ ] then
            if bad != [ ] then throw "The option declaration `${showOption loc}' in `${(head bad).file}' is neither an option nor a set of options."
            else mergeTree loc
              (map (each: { inherit (each) file; attrs = each.value; }) decls)
              (concatMap (each: map (attrs: { inherit (each) file; inherit attrs; }) (pushDownChecked each.file loc each.value)) defs)
          else if length options == 1 && canHoldOptions (head options).value then
            # Options declared inside another one that takes submodules become part of these.
            let
              inside = mergeOptionDecls loc (map asDeclaration options ++ map
                (each: { _file = each.file; pos = null; options = lib.mkOption { type = lib.types.submoduleWith { shorthandOnlyDefinesConfig = null; modules = [ { _file = each.file; options = each.value; } ]; }; }; })
                sets);
            in { matchedOptions = evalOptionValue loc (fixupOptionType loc inside) defs; unmatchedDefns = [ ]; }
          else throw "The option `${showOption loc}' in `${(head options).file}' is a prefix of options in `${(head sets).file}'.")
        declared;
      unmatched = mapAttrs (_: result: result.unmatchedDefns) results
        // mapAttrs (_: map (def: { inherit (def) file value; prefix = [ ]; })) (removeAttrs defined (attrNames declared));
    in {
      matchedOptions = mapAttrs (_: result: result.matchedOptions) results;
      unmatchedDefns = concatMap
        (name: map (def: def // { prefix = [ name ] ++ def.prefix; }) unmatched.${name})
        (attrNames unmatched);
    };

  canHoldOptions = option: option.type.name or "" == "submodule";
  asDeclaration = each: { _file = each.file; options = each.value; pos = null; };

  # One option out of all its declarations; types that can be merged are.
  mergeOptionDecls = loc: declarations:
    builtins.foldl'
      (merged: each:
        let
          option = each.options;
          twice = name: option ? ${name} && merged ? ${name};
          mergedType = merged.type.typeMerge option.type.functor;
          typesDiffer = merged ? type && option ? type && mergedType == null;
        in
        if builtins.any twice [ "default" "example" "description" "apply" ] || typesDiffer then
          throw "The option `${showOption loc}' in `${toString each._file}' is already declared in ${lib.showFiles merged.declarations}."
        else
          option // merged // {
            declarations = merged.declarations ++ [ each._file ];
            options = merged.options ++ (if option ? options then [ { _file = each._file; imports = lib.toList option.options; } ] else [ ]);
          } // (if merged ? type && option ? type then { type = withLocation each._file mergedType; }
          else if option ? type then { type = withLocation each._file option.type; } else { }))
      { inherit loc; declarations = [ ]; declarationPositions = [ ]; options = [ ]; _type = "option"; }
      declarations;

  # A submodule's options are declared in the file that declares the option.
  withLocation = file: type:
    let modules = type.getSubModules or null;
    in if modules == null then type else type.substSubModules (map (locate file) modules);
  locate = file: m: if builtins.isPath m || builtins.isString m || m ? _file || m._type or "" != "" then m else { _file = file; imports = [ m ]; };

  fixupOptionType = loc: option:
    let type = option.type or lib.types.unspecified;
    in
    if type.deprecationMessage or null != null
    then lib.warn "The type `types.${type.name}' of option `${showOption loc}' is deprecated. ${type.deprecationMessage}" (option // { inherit type; })
    else if type.getSubModules == null || option.options == [ ] then option // { inherit type; }
    else option // { type = type.substSubModules (type.getSubModules ++ option.options); options = [ ]; };
}
