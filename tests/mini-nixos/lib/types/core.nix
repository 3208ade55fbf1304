{ lib }:
rec {
  isType = name: value: (value._type or "") == name;
  setType = name: value: value // { _type = name; };
  isOptionType = isType "option-type";

  # Two types are merged by their functors: the same name, and payloads (or wrapped types) that combine.
  defaultTypeMerge = f: f':
    if f.name != f'.name then null
    else if f.payload != null || f ? wrappedDeprecationMessage then
      let payload = f.binOp f.payload f'.payload; in if payload == null then null else f.type payload
    else if f.wrapped != null then
      let wrapped = f.wrapped.typeMerge f'.wrapped.functor; in if wrapped == null then null else f.type wrapped
    else f.type;
  defaultFunctor = name: {
    inherit name;
    type = lib.types.types.${name} or null;
    wrapped = null;
    payload = null;
    binOp = _: _: null;
  };
  # nixpkgs has moved what a container holds from `functor.wrapped` to `functor.payload` and warns of the former.
  elemTypeFunctor = name: payload: {
    inherit name payload;
    type = payload: lib.types.types.${name} payload.elemType;
    binOp = a: b: let merged = a.elemType.typeMerge b.elemType.functor; in if merged == null then null else { elemType = merged; };
    wrappedDeprecationMessage = { loc }:
      lib.warn "The deprecated `type.functor.wrapped` attribute of the option `${lib.showOption loc}` is accessed, use `type.nestedTypes.elemType` instead." payload.elemType;
    wrapped = lib.warn "The deprecated `${name}.functor.wrapped` attribute is accessed, use `nestedTypes.elemType` instead." payload.elemType;
  };

  mkOptionType =
    { name
    , description ? null
    , descriptionClass ? null
    , check ? (_: true)
    , merge ? lib.mergeDefaultOption
    , emptyValue ? { }
    , getSubOptions ? (_: { })
    , getSubModules ? null
    , substSubModules ? (_: null)
    , functor ? defaultFunctor name
    , typeMerge ? defaultTypeMerge functor
    , deprecationMessage ? null
    , nestedTypes ? { }
    }: {
      _type = "option-type";
      inherit
        name check merge emptyValue getSubOptions getSubModules substSubModules typeMerge functor deprecationMessage
        nestedTypes descriptionClass;
      description = if description == null then name else description;
    };

  # A type's description inside another one's, in parentheses where it would be ambiguous.
  optionDescriptionPhrase = clear: type: if clear (type.descriptionClass or null) then type.description else "(${type.description})";

  addCheck = type: check: type // { check = x: type.check x && check x; };

  # Types that are a name, a test and a rule of merging.
  simple = name: description: check: merge: mkOptionType { inherit name description check merge; descriptionClass = "noun"; };
}
