# Stands for what is only known after provisioning, so that a preview can still check everything else: plain values that
# the options' types accept. `world` is 1 or 2: there are two of each, because an error that both have depends on neither.
{ options, world ? 1 }:
let
  placeholders = world:
    let
      pick = one: other: if world == 1 then one else other;

      # Types tell what they hold by `nestedTypes`; before nixpkgs 21.05 only their functor knew.
      elementOf = type: type.nestedTypes.elemType or type.functor.wrapped or { };
      leftOf = type: type.nestedTypes.left or (firstOf (type.functor.wrapped or [ ]));
      rightOf = type: type.nestedTypes.right or (firstOf (builtins.tail (type.functor.wrapped or [ null ])));
      firstOf = list: if builtins.isList list && list != [ ] then builtins.head list else { };
      lastOf = list: builtins.elemAt list (builtins.length list - 1);

      # Follows a path of names and list indexes through options, then through the types of what they hold. The option
      # itself is kept where the path ends at one: it may have an example. Null where the path leads nowhere.
      descend = node: path:
        if node._type or null == "option" then
          (if path == [ ] then { inherit (node) type; option = node; } else inside node.type path)
        else if path == [ ] then { type = { name = "options"; }; option = { }; }
        else if builtins.isAttrs node && node ? ${builtins.head path}
        then descend node.${builtins.head path} (builtins.tail path)
        else null;

      inside = type: path:
        let
          name = type.name or "";
          rest = builtins.tail path;
          fromSubmodule = descend (type.getSubOptions [ ]) path;
        in
        if path == [ ] then { inherit type; option = { }; }
        else if builtins.elem name [ "attrsOf" "lazyAttrsOf" "listOf" "loaOf" ] then inside (elementOf type) rest
        else if builtins.elem name [ "nullOr" "uniq" "unique" ] then inside (elementOf type) path
        else if name == "coercedTo" then inside (type.nestedTypes.finalType or { }) path
        else if name == "either" then
          let right = inside (rightOf type) path;
          in if right != null then right else inside (leftOf type) path
        else if name == "attrTag" then
          (if type.nestedTypes ? ${builtins.head path} then descend type.nestedTypes.${builtins.head path} rest else null)
        else if name == "submodule" then
          if fromSubmodule != null || !(type.nestedTypes ? freeformType) || type.nestedTypes.freeformType == null then fromSubmodule
          else inside type.nestedTypes.freeformType path
        else if builtins.elem name [ "anything" "attrs" "raw" "unspecified" ] then { type = { }; option = { }; }
        else null;

      numbers = [ "int" "positiveInt" "unsignedInt16" "float" "number" ];
      isSimple = type: builtins.elem (type.name or "") ([ "bool" "str" "path" ] ++ numbers);

      placeholder = type:
        let
          name = type.name or "";
          values = let payload = type.functor.payload or null; in if builtins.isList payload then payload else payload.values;
          element = elementOf type;
        in
        if name == "bool" then pick false true
        else if builtins.elem name numbers || builtins.match "(int|unsignedInt|signedInt).*" name != null then pick 1 2
        else if builtins.elem name [ "path" "pathInStore" ] then pick "/firn-unknown" "/firn-unknown-2"
        else if name == "listOf" then (if isSimple element then pick [ ] [ (placeholder element) ] else [ ])
        else if builtins.elem name [ "attrsOf" "lazyAttrsOf" "loaOf" "submodule" "attrs" "options" ] then { }
        else if name == "nullOr" then pick (placeholder element) null
        else if name == "either" then placeholder (pick (leftOf type) (rightOf type))
        else if name == "coercedTo" then placeholder (type.nestedTypes.finalType or { })
        else if name == "enum" && values != [ ] then pick (firstOf values) (lastOf values)
        else if builtins.match "str.*|lines|commas|envVar|separatedString|nonEmptyStr|passwdEntry.*" name != null then pick "firn-unknown" "firn-unknown-2"
        # Of any type: another one in the other world.
        else pick "firn-unknown" 2;

      # The first value that the type accepts: where it wants a pattern or a range, what it says of itself is likely to fit.
      fitting = path: { type, option }:
        let
          range = builtins.match ".*between (-?[0-9.]+) and (-?[0-9.]+).*" (type.description or "");
          bounds = if range == null then [ ] else map builtins.fromJSON range;
          isPlain = value: builtins.isString value || builtins.isInt value || builtins.isFloat value || builtins.isBool value;
          accepts = value:
            let result = builtins.tryEval (isPlain value && (type.check or (_: true)) value);
            in result.success && result.value;
          shown = builtins.filter accepts (bounds ++ [ (option.example or null) (option.default or null) ]);
          made = placeholder type;
          fits = builtins.tryEval ((type.check or (_: true)) made);
        in
        if fits.success && fits.value then made
        else if shown != [ ] then pick (builtins.head shown) (lastOf shown)
        else refuse path;

      refuse = path: throw "firn-unknown: ${builtins.concatStringsSep "." path}";
      tell = path: builtins.trace "firn: unknown ${builtins.concatStringsSep "." path}";
      isWhole = found: found != null && (found.type.name or "") != "options";
    in
    {
      # In the place of a value.
      value = path:
        let found = descend options path;
        in tell path (if found == null then pick "firn-unknown" 2 else fitting path found);

      # In the place of a condition.
      condition = path: tell path (world == 1);

      # In the place of an expression, which `make` gives for a value: its type is known where an option begins.
      within = path: make:
        let found = descend options path;
        in tell path (if isWhole found then fitting path found else make (refuse path));
    };
in
# What targets and Firn itself write holds for whatever comes: there one set of placeholders does.
placeholders world // { steady = placeholders 1; }
