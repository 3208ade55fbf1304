# The option set of a project as plain data: nested attribute sets whose leaves are
#   { _option = true; type; description; default; example; declarations; readOnly; deprecated; }
# with types as { kind = "str"; } or, where they hold others, { kind = "listOf"; elem = …; }.
# `values = false` leaves out defaults and examples that are not text: a broken package in one of them ends the
# evaluation, and Nix has no way to catch that.
{ options, maxDepth ? 12, values ? true }:
let
  # What an option says of itself may not evaluate outside a machine; then it says nothing.
  attempt = value: fallback:
    let result = builtins.tryEval (builtins.deepSeq value value);
    in if result.success then result.value else fallback;

  textOf = value:
    if value == null then null
    else if builtins.isString value then value
    else if builtins.isAttrs value && value ? text then value.text
    else if builtins.isAttrs value && value ? contents then value.contents
    else null;

  # JSON for people: functions and packages are named, and what goes on without end is cut.
  plain = depth: value:
    if depth == 0 then "…"
    else if builtins.isFunction value then "<function>"
    else if builtins.isList value then map (plain (depth - 1)) value
    else if builtins.isAttrs value then
      if value ? _type then let text = textOf value; in if text == null then "…" else text
      else if value.type or null == "derivation" then "pkgs.${value.pname or value.name or "?"}"
      else builtins.mapAttrs (_: plain (depth - 1)) value
    else if builtins.isPath value then toString value
    else value;

  describeValue = value:
    let shown = plain 4 value;
    in if builtins.isString shown && !(builtins.isString value) then shown
    else builtins.unsafeDiscardStringContext (builtins.toJSON shown);

  # Before nixpkgs 21.05 only a type's functor knew what it holds.
  elementOf = type: type.nestedTypes.elemType or type.functor.wrapped or { };
  sideOf = name: index: type:
    type.nestedTypes.${name} or (let w = type.functor.wrapped or null; in if builtins.isList w then builtins.elemAt w index else { });
  payloadOf = type: type.functor.payload or null;

  # `ints.between 1 10` and the like tell their range in their description only.
  typeOf = depth: type:
    let
      name = type.name or "unspecified";
      is = builtins.elem name;
      matches = pattern: builtins.match pattern name != null;
      inner = typeOf (depth - 1);
    in
    if depth == 0 then { kind = "any"; }
    else if name == "bool" || name == "boolByOr" then { kind = "bool"; }
    else if is [ "str" "string" "singleLineStr" "passwdEntry" "nonEmptyStr" "lines" "commas" "envVar" ] || matches "(strMatching|separatedString|passwdEntry).*" then { kind = "str"; note = type.description or name; }
    else if is [ "int" "float" "number" "positiveInt" ] || matches "(int|unsignedInt|signedInt|numberBetween|numberNonnegative|numberPositive).*" then { kind = "number"; note = type.description or name; }
    else if name == "enum" then { kind = "enum"; values = let p = payloadOf type; in if builtins.isList p then p else p.values or [ ]; }
    else if is [ "path" "pathInStore" "externalPath" ] then { kind = "path"; }
    else if is [ "package" "shellPackage" ] then { kind = "package"; }
    else if name == "nullOr" then { kind = "nullOr"; elem = inner (elementOf type); }
    else if is [ "listOf" "nonEmptyListOf" ] then { kind = "listOf"; elem = inner (elementOf type); }
    else if is [ "attrsOf" "lazyAttrsOf" "loaOf" "attrsWith" ] then { kind = "attrsOf"; elem = inner (elementOf type); }
    else if is [ "uniq" "unique" ] then inner (elementOf type)
    else if name == "functionTo" then { kind = "functionTo"; elem = inner (elementOf type); }
    else if name == "either" then { kind = "either"; sides = [ (inner (sideOf "left" 0 type)) (inner (sideOf "right" 1 type)) ]; }
    else if name == "coercedTo" then { kind = "either"; sides = [ (inner (type.nestedTypes.coercedType or { })) (inner (type.nestedTypes.finalType or { })) ]; }
    else if name == "submodule" || name == "deferredModule" && type ? getSubOptions then
      let
        sub = attempt (tree (depth - 1) (builtins.removeAttrs (type.getSubOptions [ ]) [ "_module" "_freeformOptions" ])) null;
        freeform = type.nestedTypes.freeformType or null;
      in
      if sub == null || sub == { } && freeform == null then { kind = "attrs"; }
      else { kind = "submodule"; options = sub; } // (if freeform == null then { } else { freeform = inner freeform; })
    else if is [ "attrs" "optionSet" ] then { kind = "attrs"; }
    else { kind = "any"; };

  leaf = depth: option: {
    _option = true;
    type = attempt (typeOf depth (option.type or { })) { kind = "any"; };
    description = attempt (textOf (option.description or null)) null;
    default = attempt
      (if option ? defaultText then (let t = textOf option.defaultText; in if t == null then describeValue option.defaultText else t)
       else if values && option ? default then describeValue option.default else null)
      null;
    example = attempt (if values && option ? example then describeValue option.example else null) null;
    declarations = attempt (map toString (option.declarations or [ ])) [ ];
    readOnly = option.readOnly or false;
    internal = option.internal or false || !(let v = option.visible or true; in if builtins.isBool v then v else true);
  };

  tree = depth: node:
    if node._type or null == "option" then leaf depth node
    else builtins.mapAttrs (_: tree depth)
      (builtins.removeAttrs node (builtins.filter (name: !(builtins.isAttrs node.${name})) (builtins.attrNames node)));
in
tree maxDepth (builtins.removeAttrs options [ "_module" ])
