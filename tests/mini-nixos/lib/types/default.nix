# What options may hold. Every type is a record: how to check and to merge, what it contains, how to say its name.
{ lib }:
let
  core = import ./core.nix { inherit lib; };
  groups = map (file: import file ({ inherit lib types; } // core)) [
    ./anything.nix
    ./numbers.nix
    ./strings.nix
    ./packages.nix
    ./containers.nix
    ./alternatives.nix
    ./submodules.nix
  ];
  types = builtins.foldl' (all: group: all // group) { } groups;
in
core // types // { inherit types; }
