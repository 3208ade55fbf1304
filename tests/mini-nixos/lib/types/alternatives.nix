{ lib, types, mkOptionType, addCheck, defaultFunctor, optionDescriptionPhrase, ... }:
let
  inherit (builtins) all head tail length elem elemAt;
  nounOr = class: optionDescriptionPhrase (c: c == "noun" || c == class);
in
{
  inherit addCheck;
  enum = values:
    let
      show = v:
        if builtins.isString v then "\"${v}\""
        else if builtins.isInt v then toString v
        else if builtins.isBool v then lib.boolToString v
        else "<${builtins.typeOf v}>";
    in
    mkOptionType rec {
      name = "enum";
      description =
        if values == [ ] then "impossible (empty enum)"
        else if length values == 1 then "value ${show (head values)} (singular enum)"
        else "one of ${lib.concatMapStringsSep ", " show values}";
      descriptionClass = if length values < 2 then "noun" else "conjunction";
      check = x: elem x values;
      merge = lib.mergeEqualOption;
      functor = defaultFunctor name // {
        payload = { inherit values; };
        type = payload: types.enum payload.values;
        binOp = a: b: { values = lib.unique (a.values ++ b.values); };
      };
    };

  nullOr = elemType: mkOptionType rec {
    name = "nullOr";
    description = "null or ${nounOr "conjunction" elemType}";
    descriptionClass = "conjunction";
    check = x: x == null || elemType.check x;
    merge = loc: defs:
      let nulls = lib.count (def: def.value == null) defs;
      in
      if nulls == length defs then null
      else if nulls != 0 then throw "The option `${lib.showOption loc}` is defined both null and not null, in ${lib.showFiles (lib.getFiles defs)}."
      else elemType.merge loc defs;
    emptyValue.value = null;
    inherit (elemType) getSubOptions getSubModules;
    substSubModules = modules: types.nullOr (elemType.substSubModules modules);
    functor = defaultFunctor name // { wrapped = elemType; };
    nestedTypes.elemType = elemType;
  };

  either = left: right:
    let
      functor = defaultFunctor "either" // { wrapped = [ left right ]; };
      rightPhrase = optionDescriptionPhrase (class: class == "noun" || class == "conjunction" || class == "composite") right;
    in
    mkOptionType {
      name = "either";
      description =
        if left.descriptionClass or null == "nonRestrictiveClause" then "${left.description}, or ${nounOr "conjunction" right}"
        else "${nounOr "conjunction" left} or ${rightPhrase}";
      descriptionClass = "conjunction";
      check = x: left.check x || right.check x;
      merge = loc: defs:
        if all (def: left.check def.value) defs then left.merge loc defs
        else if all (def: right.check def.value) defs then right.merge loc defs
        else lib.mergeOneOption loc defs;
      typeMerge = other:
        let
          l = left.typeMerge (elemAt other.wrapped 0).functor;
          r = right.typeMerge (elemAt other.wrapped 1).functor;
        in if other.name == "either" && l != null && r != null then types.either l r else null;
      inherit functor;
      nestedTypes = { inherit left right; };
    };
  oneOf = list: if list == [ ] then throw "types.oneOf needs to get at least one type in its argument" else builtins.foldl' types.either (head list) (tail list);

  coercedTo = coercedType: coerce: finalType:
    assert lib.assertMsg (coercedType.getSubModules == null) "coercedTo: coercedType must not have submodules (it’s a ${coercedType.description})";
    mkOptionType rec {
      name = "coercedTo";
      description = "${optionDescriptionPhrase (class: class == "noun") finalType} or ${optionDescriptionPhrase (class: class == "noun") coercedType} convertible to it";
      check = x: coercedType.check x && finalType.check (coerce x) || finalType.check x;
      merge = loc: defs: finalType.merge loc
        (map (def: def // { value = if coercedType.check def.value then coerce def.value else def.value; }) defs);
      inherit (finalType) emptyValue getSubOptions getSubModules;
      substSubModules = modules: types.coercedTo coercedType coerce (finalType.substSubModules modules);
      typeMerge = _: null;
      functor = defaultFunctor name // { wrapped = finalType; };
      nestedTypes = { inherit coercedType finalType; };
    };
}
