{ lib }:
let
  inherit (builtins) head length isBool isList isAttrs isFunction concatStringsSep;
  inherit (lib) all concatMap any take;

  prioritySuggestion = ''
    Use `lib.mkForce value` or `lib.mkDefault value` to change the priority on any of these definitions.
  '';
in
rec {
  isOption = lib.types.isType "option";
  mkOption = attrs: attrs // { _type = "option"; };
  mkEnableOption = name: mkOption {
    default = false;
    example = true;
    description = if name ? _type then name // { text = "Whether to enable ${name.text}."; } else "Whether to enable ${name}.";
    type = lib.types.bool;
  };
  mkPackageOption = pkgs: name: { nullable ? false, default ? name, example ? null, extraDescription ? "", pkgsText ? "pkgs" }:
    let
      names = if isList name then name else [ name ];
      path = if isList default then default else [ default ];
      text = concatStringsSep "." path;
      found = lib.attrByPath path (throw "${text} cannot be found in ${pkgsText}") pkgs;
    in
    mkOption ({
      type = (if nullable then lib.types.nullOr else lib.id) lib.types.package;
      description = "The ${lib.last names} package to use." + lib.optionalString (extraDescription != "") " ${extraDescription}";
    } // (if default == null then lib.optionalAttrs nullable { default = null; } else {
      default = found;
      defaultText = literalExpression "${pkgsText}.${text}";
    }) // lib.optionalAttrs (example != null) {
      example = literalExpression (if isList example then "${pkgsText}.${concatStringsSep "." example}" else example);
    });
  mkPackageOptionMD = mkPackageOption;
  mkSinkUndeclaredOptions = attrs: mkOption ({
    internal = true;
    visible = false;
    default = false;
    description = "Sink for option definitions.";
    type = lib.mkOptionType { name = "sink"; check = _: true; merge = _: _: false; };
    apply = x: throw "Option value is not readable because the option is not declared.";
  } // attrs);

  getValues = map (def: def.value);
  getFiles = map (def: def.file);

  mergeDefaultOption = loc: defs:
    let list = getValues defs;
    in
    if length list == 1 then head list
    else if all isFunction list then x: mergeDefaultOption loc (map (f: f x) list)
    else if all isList list then lib.concatLists list
    else if all isAttrs list then builtins.foldl' (a: b: a // b) { } list
    else if all isBool list then any lib.id list
    else if all builtins.isString list then lib.concatStrings list
    else if all builtins.isInt list && all (x: x == head list) list then head list
    else throw "Cannot merge definitions of `${showOption loc}'. Definition values:${showDefs defs}";
  mergeUniqueOption = { message, merge ? (_: defs: (head defs).value) }: loc: defs:
    if length defs == 1 then merge loc defs
    else throw "The option `${showOption loc}' is defined multiple times while it's expected to be unique.\n${message}\nDefinition values:${showDefs defs}\n${prioritySuggestion}";
  mergeOneOption = mergeUniqueOption { message = ""; };
  mergeEqualOption = loc: defs:
    if defs == [ ] then throw "This case should never happen."
    else if length defs == 1 then (head defs).value
    else (builtins.foldl'
      (first: def:
        if def.value != first.value
        then throw "The option `${showOption loc}' has conflicting definition values:${showDefs [ first def ]}\n${prioritySuggestion}"
        else first)
      (head defs)
      (builtins.tail defs)).value;

  literalExpression = text: { _type = "literalExpression"; text = if builtins.isString text then text else throw "literalExpression expects a string."; };
  literalExample = literalExpression;
  literalMD = text: { _type = "literalMD"; inherit text; };
  mdDoc = lib.id;

  showOption = parts: concatStringsSep "." (map
    (part: if builtins.match "[a-zA-Z_][a-zA-Z0-9_'-]*|<.*>|\\*" part != null then part else lib.strings.escapeNixString part)
    parts);
  showFiles = files: lib.concatMapStringsSep " and " (file: "`${file}'") files;
  showDefs = defs: lib.concatMapStrings showDefinition defs;
  showDefinition = def:
    let
      pretty = builtins.tryEval (let
        text = lib.generators.toPretty { } (lib.generators.withRecursion { depthLimit = 10; throwOnDepthLimit = false; } def.value);
      in builtins.deepSeq text text);
      lines = builtins.filter builtins.isString (builtins.split "\n" pretty.value);
      value = concatStringsSep "\n    " (take 5 lines ++ lib.optional (length lines > 5) "...");
    in
    "\n- In `${toString def.file}'"
    + (if !pretty.success then "" else if length lines > 1 then ":\n    ${value}" else ": ${value}");
  showOptionWithDefLocs = option: "${showOption option.loc}, with values defined in:\n${lib.concatMapStringsSep "\n" (file: "  - ${file}") option.files}\n";
  unknownModule = "<unknown-file>";

  # Every option as one flat record, as manuals and search pages want them.
  optionAttrSetToDocList = optionAttrSetToDocList' [ ];
  optionAttrSetToDocList' = prefix: options:
    concatMap
      (option:
        let
          name = showOption option.loc;
          visible = option.visible or true;
          record = {
            inherit (option) loc;
            inherit name;
            description = option.description or null;
            declarations = builtins.filter (file: file != unknownModule) option.declarations;
            internal = option.internal or false;
            visible = if isBool visible then visible else visible == "shallow";
            readOnly = option.readOnly or false;
            type = option.type.description or "unspecified";
          }
          // lib.optionalAttrs (option ? example) {
            example = builtins.addErrorContext "while evaluating the example of option `${name}'" (renderOptionValue option.example);
          }
          // lib.optionalAttrs (option ? defaultText || option ? default) {
            default = builtins.addErrorContext "while evaluating the ${if option ? defaultText then "defaultText" else "default value"} of option `${name}'"
              (renderOptionValue (option.defaultText or option.default));
          }
          // lib.optionalAttrs (option ? relatedPackages && option.relatedPackages != null) { inherit (option) relatedPackages; };
          below = option.type.getSubOptions option.loc;
        in
        [ record ] ++ lib.optionals (visible == true && below != { } && !(isBool visible && !visible)) (optionAttrSetToDocList' option.loc below))
      (lib.collect isOption options);
  renderOptionValue = value:
    if value ? _type && value ? text then value
    else literalExpression (lib.generators.toPretty { multiline = true; allowPrettyValues = true; } value);
  scrubOptionValue = value:
    if lib.isDerivation value then value // { drvPath = value.name; outPath = value.name; }
    else if isList value then map scrubOptionValue value
    else if isAttrs value then builtins.mapAttrs (_: scrubOptionValue) (builtins.removeAttrs value [ "_args" ])
    else value;
}
