{ lib }:
rec {
  fix = f: let x = f x; in x;
  fix' = f: let x = f x // { __unfix__ = f; }; in x;
  extends = overlay: f: final: let prev = f final; in prev // overlay final prev;
  composeExtensions = f: g: final: prev:
    let
      first = f final prev;
      between = prev // first;
    in first // g final between;
  composeManyExtensions = builtins.foldl' (lib.trivial.flip (g: f: composeExtensions f g)) (_: _: { });
  makeExtensible = makeExtensibleWithCustomName "extend";
  makeExtensibleWithCustomName = name: f:
    fix (self: f self // { ${name} = overlay: makeExtensibleWithCustomName name (extends overlay f); });
}
