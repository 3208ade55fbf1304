# The library, as `import <nixpkgs/lib>` and `pkgs.lib` give it: every function both in its own group and on top.
let
  groups = {
    trivial = import ./trivial.nix { lib = whole; };
    fixedPoints = import ./fixed-points.nix { lib = whole; };
    lists = import ./lists.nix { lib = whole; };
    strings = import ./strings.nix { lib = whole; };
    attrsets = import ./attrsets.nix { lib = whole; };
    asserts = import ./asserts.nix { lib = whole; };
    versions = import ./versions.nix { lib = whole; };
    customisation = import ./customisation.nix { lib = whole; };
    derivations = import ./derivations.nix { lib = whole; };
    meta = import ./meta.nix { lib = whole; };
    licenses = import ./licenses.nix;
    maintainers = { };
    teams = { };
    platforms = import ./platforms.nix;
    systems = import ./systems.nix { lib = whole; };
    generators = import ./generators.nix { lib = whole; };
    options = import ./options.nix { lib = whole; };
    types = import ./types { lib = whole; };
    modules = import ./modules { lib = whole; };
    stringsWithDeps = import ./strings-with-deps.nix { lib = whole; };
    filesystem = import ./filesystem.nix { lib = whole; };
    sources = import ./sources.nix { lib = whole; };
    debug = import ./debug.nix { lib = whole; };
  };

  shownOnTop = [
    "trivial" "fixedPoints" "lists" "strings" "attrsets" "asserts" "customisation" "derivations" "meta" "options"
    "modules" "stringsWithDeps" "filesystem" "sources" "debug"
  ];

  whole = builtins.foldl' (all: group: all // groups.${group}) { } shownOnTop // groups // {
    inherit (groups.types) mkOptionType isOptionType isType setType;
    extend = overlay: groups.fixedPoints.fix (groups.fixedPoints.extends overlay (_: whole));
  };
in
whole
