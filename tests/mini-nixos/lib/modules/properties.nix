# What stands around a value in a definition: conditions, priorities, order.
{ lib }:
let
  inherit (builtins) concatMap mapAttrs any foldl';
  typeOf = value: value._type or "";
in
rec {
  mkIf = condition: content: { _type = "if"; inherit condition content; };
  mkAssert = assertion: message: mkIf (if assertion then true else throw "\nFailed assertion: ${message}");
  mkMerge = contents: { _type = "merge"; inherit contents; };
  mkOverride = priority: content: { _type = "override"; inherit priority content; };
  mkOptionDefault = mkOverride 1500;
  mkDefault = mkOverride 1000;
  defaultOverridePriority = 100;
  mkImageMediaOverride = mkOverride 60;
  mkForce = mkOverride 50;
  mkVMOverride = mkOverride 10;
  mkOrder = priority: content: { _type = "order"; inherit priority content; };
  mkBefore = mkOrder 500;
  defaultOrderPriority = 1000;
  mkAfter = mkOrder 1500;
  mkFixStrictness = lib.id;
  mkDefinition = args: args // { _type = "definition"; };
  mkAliasDefinitions = mkAliasAndWrapDefinitions lib.id;
  mkAliasAndWrapDefinitions = wrap: option: mkIf (option.isDefined or false) (wrap (mkMerge option.definitions));
  mkAliasAndWrapDefsWithPriority = wrap: option:
    let withPriority = mkOverride (option.highestPrio or defaultOverridePriority);
    in mkIf (option.isDefined or false) (wrap (mkMerge (map withPriority option.definitions)));
  mkDerivedConfig = option: f: mkOverride (option.highestPrio or defaultOverridePriority) (f option.value);

  # The properties around a whole set, moved to its members, so that conditions need not be known to see names.
  pushDownProperties = config:
    let type = typeOf config;
    in
    if type == "merge" then concatMap pushDownProperties config.contents
    else if type == "if" then map (mapAttrs (_: mkIf config.condition)) (pushDownProperties config.content)
    else if type == "override" then map (mapAttrs (_: mkOverride config.priority)) (pushDownProperties config.content)
    else [ config ];

  # The values that conditions let pass.
  dischargeProperties = value:
    let type = typeOf value;
    in
    if type == "merge" then concatMap dischargeProperties value.contents
    else if type == "if" then
      if builtins.isBool value.condition then (if value.condition then dischargeProperties value.content else [ ])
      else throw "`mkIf` called with a non-Boolean condition"
    else [ value ];

  # The definitions of the highest priority (the lowest number), without the property.
  filterOverrides = defs: (filterOverrides' defs).values;
  filterOverrides' = defs:
    let
      priorityOf = def: if typeOf def.value == "override" then def.value.priority else defaultOverridePriority;
      highestPrio = foldl' (least: def: lib.min least (priorityOf def)) 9999 defs;
      strip = def: if typeOf def.value == "override" then def // { value = def.value.content; } else def;
    in {
      values = map strip (builtins.filter (def: priorityOf def == highestPrio) defs);
      inherit highestPrio;
    };

  sortProperties = defs:
    let
      strip = def:
        if typeOf def.value == "order" then def // { value = def.value.content; inherit (def.value) priority; } else def;
      priorityOf = def: def.priority or defaultOrderPriority;
    in
    if any (def: typeOf def.value == "order") defs
    then builtins.sort (a: b: priorityOf a < priorityOf b) (map strip defs)
    else defs;
}
