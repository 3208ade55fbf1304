# Settings as values: a type for the option and a way to write the file.
{ lib, pkgs }:
let
  inherit (lib) types;
  data = name:
    let
      type = types.nullOr (types.oneOf [ types.bool types.int types.float types.str types.path (types.attrsOf type) (types.listOf type) ]) // { description = "${name} value"; };
    in type;
  atom = types.nullOr (types.oneOf [ types.bool types.int types.float types.str ]) // { description = "INI atom (null, bool, int, float or string)"; };
in
{
  json = { }: { type = data "JSON"; generate = name: value: pkgs.writeText name (builtins.toJSON value); };
  yaml = { }: { type = data "YAML"; generate = name: value: pkgs.writeText name (builtins.toJSON value); };
  keyValue = args: {
    type = types.attrsOf (if args.listsAsDuplicateKeys or false then types.either atom (types.listOf atom) else atom);
    generate = name: value: pkgs.writeText name (lib.generators.toKeyValue args value);
  };
  ini = args: {
    type = types.attrsOf (types.attrsOf (if args.listsAsDuplicateKeys or false then types.either atom (types.listOf atom) else atom));
    generate = name: value: pkgs.writeText name (lib.generators.toINI args value);
  };
}
