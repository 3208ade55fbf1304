{ lib }:
let
  inherit (builtins) concatStringsSep isString isInt isFloat isBool isList isAttrs isPath toJSON;
  inherit (lib) escape mapAttrsToList;
in
rec {
  mkValueStringDefault = _: value:
    if isInt value || isFloat value then toString value
    else if isString value then value
    else if isBool value then lib.boolToString value
    else if value == null then "null"
    else if lib.isDerivation value then toString value
    else if isPath value then toString value
    else throw "generators.mkValueStringDefault: this value is not supported: ${toPretty { } value}";
  mkKeyValueDefault = { mkValueString ? mkValueStringDefault { } }: separator: key: value:
    "${escape [ separator ] key}${separator}${mkValueString value}";
  toKeyValue = { mkKeyValue ? mkKeyValueDefault { } "=", listsAsDuplicateKeys ? false, indent ? "" }: set:
    lib.concatLines (lib.concatLists (mapAttrsToList
      (name: value: map (each: indent + mkKeyValue name each) (if listsAsDuplicateKeys then lib.toList value else [ value ]))
      set));
  toINI = { mkSectionName ? (name: escape [ "[" "]" ] name), mkKeyValue ? mkKeyValueDefault { } "=", listsAsDuplicateKeys ? false }: sections:
    concatStringsSep "\n" (mapAttrsToList
      (name: values: "[${mkSectionName name}]\n${toKeyValue { inherit mkKeyValue listsAsDuplicateKeys; } values}")
      sections);
  toINIWithGlobalSection = args: { globalSection, sections ? { } }:
    (if globalSection == { } then "" else toKeyValue { } globalSection + "\n") + toINI args sections;
  toJSON = _: builtins.toJSON;
  toYAML = _: builtins.toJSON;

  # Cuts what goes deeper than `depthLimit`, so that a configuration that refers to itself can be shown.
  withRecursion = { depthLimit, throwOnDepthLimit ? true }:
    let
      go = depth: value:
        if depth > depthLimit then
          (if throwOnDepthLimit then throw "Exceeded maximum eval-depth limit of ${toString depthLimit} while trying to evaluate with `generators.withRecursion'!"
          else if isAttrs value || isList value then "<unevaluated>" else value)
        else if isAttrs value && lib.isDerivation value then value
        else if isAttrs value && (value ? __functor || value ? __toString || value ? __pretty) then value
        else if isAttrs value then builtins.mapAttrs (_: go (depth + 1)) value
        else if isList value then map (go (depth + 1)) value
        else value;
    in go 0;

  toPretty = { allowPrettyValues ? false, multiline ? true, indent ? "" }:
    let
      go = indent: value:
        let
          open = if multiline then "\n${indent}  " else " ";
          close = if multiline then "\n${indent}" else " ";
          inner = go "${indent}  ";
        in
        if isInt value then toString value
        else if isFloat value then "~${toString value}"
        else if isString value then string indent value
        else if isBool value then lib.boolToString value
        else if value == null then "null"
        else if isPath value then toString value
        else if isList value then
          (if value == [ ] then "[ ]" else "[${open}${concatStringsSep open (map inner value)}${close}]")
        else if builtins.isFunction value then function value
        else if isAttrs value then
          if allowPrettyValues && value ? __pretty && value ? val then value.__pretty value.val
          else if value == { } then "{ }"
          else if lib.isDerivation value then "<derivation ${value.name or "???"}>"
          else if value ? __functor then function value
          else "{${open}${concatStringsSep open (mapAttrsToList (name: each: "${lib.escapeNixIdentifier name} = ${inner each};") value)}${close}}"
        else throw "generators.toPretty: should never happen (value = ${toString value})";
      string = indent: value:
        let
          lines = lib.splitString "\n" value;
          newline = "\n${indent}  ";
          escaped = map (lib.replaceStrings [ "\${" "''" ] [ "''\${" "'''" ]) lines;
        in
        if multiline && builtins.length lines > 1
        then "''${newline}${concatStringsSep newline (lib.init escaped)}${if lib.last escaped == "" then "\n${indent}''" else "${newline}${lib.last escaped}''"}"
        else "\"${lib.replaceStrings [ "\\" "\"" "\${" "\n" "\r" "\t" ] [ "\\\\" "\\\"" "\\\${" "\\n" "\\r" "\\t" ] value}\"";
      function = f:
        let args = lib.functionArgs f;
        in if args == { } then "<function>"
        else "<function, args: {${concatStringsSep ", " (mapAttrsToList (name: optional: if optional then "${name}?" else name) args)}}>";
    in go indent;
}
