{ lib }:
rec {
  inherit (builtins)
    attrNames attrValues catAttrs getAttr hasAttr intersectAttrs isAttrs listToAttrs mapAttrs removeAttrs zipAttrsWith;

  nameValuePair = name: value: { inherit name value; };
  attrByPath = path: default: set:
    if path == [ ] then set
    else if isAttrs set && set ? ${builtins.head path} then attrByPath (builtins.tail path) default set.${builtins.head path}
    else default;
  hasAttrByPath = path: set:
    path == [ ] || (isAttrs set && set ? ${builtins.head path} && hasAttrByPath (builtins.tail path) set.${builtins.head path});
  getAttrFromPath = path: attrByPath path (throw "cannot find attribute `${builtins.concatStringsSep "." path}'");
  setAttrByPath = path: value: if path == [ ] then value else { ${builtins.head path} = setAttrByPath (builtins.tail path) value; };
  attrVals = names: set: map (name: set.${name}) names;
  getAttrs = names: set: genAttrs names (name: set.${name});
  attrsToList = mapAttrsToList nameValuePair;
  mapAttrsToList = f: set: map (name: f name set.${name}) (attrNames set);
  mapAttrs' = f: set: listToAttrs (mapAttrsToList f set);
  concatMapAttrs = f: set: builtins.foldl' (a: b: a // b) { } (mapAttrsToList f set);
  filterAttrs = keep: set: removeAttrs set (builtins.filter (name: !(keep name set.${name})) (attrNames set));
  filterAttrsRecursive = keep: set:
    mapAttrs (_: value: if isAttrs value then filterAttrsRecursive keep value else value) (filterAttrs keep set);
  foldlAttrs = f: init: set: builtins.foldl' (acc: name: f acc name set.${name}) init (attrNames set);
  foldAttrs = op: nul: sets:
    builtins.foldl' (acc: name: acc // { ${name} = lib.lists.foldr op nul (catAttrs name sets); }) { }
      (builtins.concatMap attrNames sets);
  collect = keep: value:
    if keep value then [ value ] else if isAttrs value then builtins.concatMap (collect keep) (attrValues value) else [ ];
  genAttrs = names: f: listToAttrs (map (name: nameValuePair name (f name)) names);
  genAttrs' = list: f: listToAttrs (map f list);
  mapCartesianProduct = f: set: map f (cartesianProduct set);
  cartesianProduct = builtins.foldl' (sets: each: builtins.concatMap (set: map (value: set // { ${each.name} = value; }) each.value) sets) [ { } ];
  mapAttrsRecursive = mapAttrsRecursiveCond (_: true);
  mapAttrsRecursiveCond = descend: f:
    let go = path: mapAttrs (name: value:
      if isAttrs value && descend value then go (path ++ [ name ]) value else f (path ++ [ name ]) value);
    in go [ ];
  mapAttrsToListRecursive = f: set: collectLeaves f [ ] set;
  collectLeaves = f: path: set: builtins.concatMap
    (name: let value = set.${name}; in if isAttrs value then collectLeaves f (path ++ [ name ]) value else [ (f (path ++ [ name ]) value) ])
    (attrNames set);
  optionalAttrs = condition: set: if condition then set else { };
  zipAttrsWithNames = names: f: sets: genAttrs names (name: f name (catAttrs name sets));
  zipAttrs = zipAttrsWith (_: values: values);
  mergeAttrsList = builtins.foldl' (a: b: a // b) { };
  recursiveUpdateUntil = stop: left: right:
    let go = path: zipAttrsWith (name: values:
      let here = path ++ [ name ];
      in if builtins.length values == 1 || stop here (builtins.elemAt values 1) (builtins.head values)
      then builtins.head values else go here values);
    in go [ ] [ right left ];
  recursiveUpdate = recursiveUpdateUntil (_: left: right: !(isAttrs left && isAttrs right));
  updateManyAttrsByPath = updates: set:
    builtins.foldl' (acc: each: recursiveUpdate acc (setAttrByPath each.path (each.update (getAttrFromPath each.path acc)))) set updates;
  matchAttrs = pattern: set: builtins.all
    (name: set ? ${name} && (if isAttrs pattern.${name} then isAttrs set.${name} && matchAttrs pattern.${name} set.${name} else pattern.${name} == set.${name}))
    (attrNames pattern);
  overrideExisting = old: new: mapAttrs (name: value: new.${name} or value) old;
  unionOfDisjoint = a: b:
    let both = attrNames (intersectAttrs a b);
    in if both == [ ] then a // b else a // b // genAttrs both (name: throw "unionOfDisjoint: collision on ${name}");
  invertAttrs = set: listToAttrs (mapAttrsToList (name: value: nameValuePair value name) set);
  recurseIntoAttrs = set: set // { recurseForDerivations = true; };
  dontRecurseIntoAttrs = set: set // { recurseForDerivations = false; };

  isDerivation = value: value.type or null == "derivation";
  toDerivation = path:
    let
      path' = builtins.storePath path;
      result = {
        type = "derivation";
        name = builtins.unsafeDiscardStringContext (builtins.substring 33 (-1) (baseNameOf path'));
        outPath = path';
        outputs = [ "out" ];
        out = result;
        outputName = "out";
      };
    in result;
  getOutput = output: pkg: if pkg.outputSpecified or false then pkg else pkg.${output} or pkg.out or pkg;
  getBin = getOutput "bin";
  getLib = getOutput "lib";
  getDev = getOutput "dev";
  getMan = getOutput "man";
}
