{ lib, types, mkOptionType, simple, ... }:
let
  inherit (builtins) isAttrs head foldl' typeOf;
  kindOf = value: if isAttrs value && lib.isStringLike value then "stringCoercibleSet" else typeOf value;
in
{
  raw = simple "raw" "raw value" (_: true) lib.mergeOneOption;
  unspecified = mkOptionType { name = "unspecified"; description = "unspecified value"; descriptionClass = "noun"; };
  bool = simple "bool" "boolean" builtins.isBool lib.mergeEqualOption;
  boolByOr = simple "boolByOr" "boolean (merged using or)" builtins.isBool (_: foldl' (result: def: result || def.value) false);
  attrs = mkOptionType {
    name = "attrs";
    description = "attribute set";
    check = isAttrs;
    merge = _: foldl' (result: def: result // def.value) { };
    emptyValue.value = { };
  };
  anything = simple "anything" "anything" (_: true) (loc: defs:
    let
      kind = foldl'
        (kind: def: if kindOf def.value == kind then kind
        else throw "The option `${lib.showOption loc}' has conflicting option types in ${lib.showFiles (lib.getFiles defs)}")
        (kindOf (head defs).value)
        defs;
      merge = {
        set = (types.attrsOf types.anything).merge;
        stringCoercibleSet = lib.mergeOneOption;
        lambda = loc: defs: arg:
          types.anything.merge (loc ++ [ "<function body>" ]) (map (def: { inherit (def) file; value = def.value arg; }) defs);
      }.${kind} or lib.mergeEqualOption;
    in merge loc defs);
  optionType = simple "optionType" "optionType" (value: value._type or null == "option-type") (loc: defs:
    if builtins.length defs == 1 then (head defs).value
    else (lib.fixupOptionType loc (lib.mergeOptionDecls loc
      (map (def: { _file = def.file; pos = null; options = lib.mkOption { type = def.value; }; }) defs))).type);
}
