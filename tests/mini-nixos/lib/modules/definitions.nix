# The value of one option out of its definitions.
{ lib }:
let
  inherit (builtins) concatMap all filter addErrorContext;
  inherit (lib) showOption showDefs dischargeProperties filterOverrides' sortProperties mkOptionDefault;
in
rec {
  evalOptionValue = loc: option: defs:
    let
      withDefault = (if option ? default then [ { file = builtins.head (option.declarations ++ [ lib.unknownModule ]); value = mkOptionDefault option.default; } ] else [ ]) ++ defs;
      result =
        if option.readOnly or false && builtins.length withDefault > 1 then
          let separate = map (def: def // { value = (mergeDefinitions loc option.type [ def ]).mergedValue; }) withDefault;
          in throw "The option `${showOption loc}' is read-only, but it's set multiple times. Definition values:${showDefs separate}"
        else mergeDefinitions loc option.type withDefault;
      value = if option ? apply then option.apply result.mergedValue else result.mergedValue;
      warnDeprecated =
        if option.type.deprecationMessage or null == null then lib.id
        else lib.warn "The type `types.${option.type.name}' of option `${showOption loc}' defined in ${lib.showFiles option.declarations} is deprecated. ${option.type.deprecationMessage}";
    in
    warnDeprecated option // {
      value = addErrorContext "while evaluating the option `${showOption loc}':" value;
      inherit (result.defsFinal') highestPrio;
      definitions = map (def: def.value) result.defsFinal;
      files = map (def: def.file) result.defsFinal;
      definitionsWithLocations = result.defsFinal;
      inherit (result) isDefined;
      __toString = _: showOption loc;
    };

  mergeDefinitions = loc: type: defs:
    let
      discharged = concatMap
        (def: map
          (value:
            if value._type or "" == "definition" then { inherit (value) file value; }
            else { inherit (def) file; inherit value; })
          (addErrorContext "while evaluating definitions from `${toString def.file}':" (dischargeProperties def.value)))
        defs;
      overridden = filterOverrides' discharged;
      self = {
        defsFinal' = { values = sortProperties overridden.values; inherit (overridden) highestPrio; };
        defsFinal = self.defsFinal'.values;
        isDefined = self.defsFinal != [ ];
        mergedValue =
          if !self.isDefined then throw "The option `${showOption loc}' was accessed but has no value defined. Try setting the option."
          else if all (def: type.check def.value) self.defsFinal then type.merge loc self.defsFinal
          else
            let invalid = filter (def: !(type.check def.value)) self.defsFinal;
            in throw "A definition for option `${showOption loc}' is not of type `${type.description}'. Definition values:${showDefs invalid}";
        optionalValue = if self.isDefined then { value = self.mergedValue; } else { };
      };
    in self;
}
