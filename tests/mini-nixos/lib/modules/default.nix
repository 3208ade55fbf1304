# The module system: modules in, `options` and `config` out.
{ lib }:
let
  parts = {
    properties = import ./properties.nix { inherit lib; };
    load = import ./load.nix { inherit lib; };
    merge = import ./merge.nix { inherit lib; };
    definitions = import ./definitions.nix { inherit lib; };
    aliases = import ./aliases.nix { inherit lib; };
    evaluate = import ./evaluate.nix { inherit lib; };
  };
in
parts.properties // parts.load // parts.merge // parts.definitions // parts.aliases // parts.evaluate
