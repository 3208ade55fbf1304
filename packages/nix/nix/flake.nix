# A locked flake from sources that are on this computer, as `builtins.getFlake` gives it. Nix' own function would read
# what no lock file pins, and needs a fetch of each input in every evaluation.
# `nodes`: those of flake.lock. `sources`: for each, what is known of it with its `path`, or `error`.
{ nodes, root, sources }:
let
  inherit (builtins) appendContext head isList mapAttrs removeAttrs tail;

  # An input is a node, or the way to one from the root by names of inputs.
  nodeOf = spec: if isList spec then follow root spec else spec;
  follow = node: way: if way == [ ] then node else follow (nodeOf nodes.${node}.inputs.${head way}) (tail way);

  # What is built from a source depends on it, which Nix knows by the string's context.
  inStore = source: appendContext source.path { ${source.path}.path = true; };

  results = mapAttrs
    (key: node:
      let
        source = sources.${key};
        isRelative = source ? relative;
        parent = results.${follow root source.parent};
        sourceInfo =
          if source ? error then throw source.error
          else if isRelative then { inherit outPath; }
          else removeAttrs source [ "path" "directory" ] // { outPath = inStore source; };
        outPath =
          if isRelative then parent.outPath + source.relative
          else sourceInfo.outPath + source.directory;

        flake = import (outPath + "/flake.nix");
        inputs = mapAttrs (_: spec: results.${nodeOf spec}) (node.inputs or { });
        outputs = flake.outputs (inputs // { self = result; });
        result = outputs // sourceInfo // { inherit outPath inputs outputs sourceInfo; _type = "flake"; };
      in
      if node.flake or true then result else sourceInfo // { inherit outPath sourceInfo; })
    nodes;
in
results.${root}
