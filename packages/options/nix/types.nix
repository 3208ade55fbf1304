# NixOS types as data: { kind = "str"; } or, where they hold others, { kind = "listOf"; elem = …; }.
{ attempt, tree }:
let
  # Before nixpkgs 21.05 only a type's functor knew what it holds.
  elementOf = type: type.nestedTypes.elemType or type.functor.wrapped or { };
  sideOf = name: index: type:
    type.nestedTypes.${name} or (let w = type.functor.wrapped or null; in if builtins.isList w then builtins.elemAt w index else { });

  strings = [ "str" "string" "singleLineStr" "passwdEntry" "nonEmptyStr" "lines" "commas" "envVar" ];
  numbers = [ "int" "float" "number" "positiveInt" ];

  # Nix compares functions by identity alone, so this finds a type inside itself and never takes another for it.
  identity = type: builtins.attrValues (builtins.intersectAttrs { getSubOptions = null; } type);
  # A submodule's types are made anew at every level; where its options are declared stays.
  shape = options: map
    (name: [ name (options.${name}.declarations or null) ])
    (builtins.attrNames options);

  of = around: depth: type:
    let
      name = type.name or "unspecified";
      is = builtins.elem name;
      matches = pattern: builtins.match pattern name != null;
      id = identity type;
      inner = of ([ id ] ++ around) (depth - 1);
      note = attempt (type.description or name) name;
      payload = type.functor.payload or null;
    in
    if depth == 0 || id != [ ] && builtins.elem id around then { kind = "any"; }
    else if is [ "bool" "boolByOr" ] then { kind = "bool"; }
    else if is strings || matches "(strMatching|separatedString|passwdEntry).*" then { kind = "str"; inherit note; }
    # `ints.between 1 10` and the like tell their range in their description only.
    else if is numbers || matches "(int|unsignedInt|signedInt|numberBetween|numberNonnegative|numberPositive).*" then { kind = "number"; inherit note; }
    else if name == "enum" then { kind = "enum"; values = if builtins.isList payload then payload else payload.values or [ ]; }
    else if is [ "path" "pathInStore" "externalPath" ] then { kind = "path"; }
    else if is [ "package" "shellPackage" ] then { kind = "package"; }
    else if name == "nullOr" then { kind = "nullOr"; elem = inner (elementOf type); }
    else if is [ "listOf" "nonEmptyListOf" ] then { kind = "listOf"; elem = inner (elementOf type); }
    else if is [ "attrsOf" "lazyAttrsOf" "loaOf" "attrsWith" ] then { kind = "attrsOf"; elem = inner (elementOf type); }
    else if is [ "uniq" "unique" ] then inner (elementOf type)
    else if name == "functionTo" then { kind = "functionTo"; elem = inner (elementOf type); }
    else if name == "either" then { kind = "either"; sides = [ (inner (sideOf "left" 0 type)) (inner (sideOf "right" 1 type)) ]; }
    else if name == "coercedTo" then { kind = "either"; sides = [ (inner (type.nestedTypes.coercedType or { })) (inner (type.nestedTypes.finalType or { })) ]; }
    else if name == "attrTag" then { kind = "attrTag"; tags = builtins.mapAttrs (_: tag: inner (tag.type or { })) (type.nestedTypes or { }); }
    else if name == "submodule" then submodule around depth type
    else if is [ "attrs" "optionSet" ] then { kind = "attrs"; }
    else { kind = "any"; };

  submodule = around: depth: type:
    let
      options = attempt' (builtins.removeAttrs (type.getSubOptions [ ]) [ "_module" "_freeformOptions" ]);
      key = attempt (shape options) null;
      below = [ key ] ++ around;
      sub = attempt (tree below (depth - 1) options) null;
      freeform = type.nestedTypes.freeformType or null;
    in
    if options == null || key == null || builtins.elem key around then { kind = "attrs"; }
    else if sub == null || sub == { } && freeform == null then { kind = "attrs"; }
    else { kind = "submodule"; options = sub; }
      // (if freeform == null then { } else { freeform = of below (depth - 1) freeform; });

  attempt' = value: let result = builtins.tryEval value; in if result.success then result.value else null;
in
{ inherit of; }
