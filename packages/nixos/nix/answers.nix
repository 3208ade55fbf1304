# Values of single options before the machines exist. `load` gives a network whose unknown values tell when they are
# looked at; each query gets its own, because Nix evaluates a value once and would tell of it once.
{ load, queries }:
let
  valueAt = path: set: builtins.foldl' (value: name: value.${name}) set path;
  only = attributes: set:
    if attributes == null then set
    else builtins.listToAttrs (map (name: { inherit name; value = set.${name}; }) attributes);
  answer = answers: query:
    let value = builtins.addErrorContext "while evaluating the Firn machine '${query.machine}'"
      (only query.attributes (valueAt query.path (load null).${query.machine}.config));
    in
    builtins.trace "firn: query ${toString (builtins.length answers)}"
      (builtins.deepSeq value (answers ++ [ value ]));
in
builtins.foldl' answer [ ] queries
