# A value for an option whose real value is only known after provisioning, so that a preview can still check
# everything else: the first plain value that the option's type accepts.
{ options }:
let
  # Types tell what they hold by `nestedTypes`; before nixpkgs 21.05 only their functor knew.
  elementOf = type: type.nestedTypes.elemType or type.functor.wrapped or { };
  leftOf = type: type.nestedTypes.left or (firstOf (type.functor.wrapped or [ ]));
  rightOf = type: type.nestedTypes.right or (firstOf (builtins.tail (type.functor.wrapped or [ null ])));
  firstOf = list: if builtins.isList list && list != [ ] then builtins.head list else { };

  # Follows a path of names and list indexes through options, then through the types of what they hold. The option
  # itself is kept where the path ends at one: it may have an example.
  descend = node: path:
    if node._type or null == "option" then
      (if path == [ ] then { inherit (node) type; option = node; } else inside node.type path)
    else if path == [ ] then null
    else if builtins.isAttrs node && node ? ${toString (builtins.head path)}
    then descend node.${toString (builtins.head path)} (builtins.tail path)
    else null;

  inside = type: path:
    let
      name = type.name or "";
      rest = builtins.tail path;
    in
    if path == [ ] then { inherit type; option = { }; }
    else if builtins.elem name [ "attrsOf" "lazyAttrsOf" "listOf" "loaOf" ] then inside (elementOf type) rest
    else if builtins.elem name [ "nullOr" "uniq" "unique" ] then inside (elementOf type) path
    else if name == "coercedTo" then inside (type.nestedTypes.finalType or { }) path
    else if name == "either" then
      let right = inside (rightOf type) path;
      in if right != null then right else inside (leftOf type) path
    else if name == "submodule" then descend (type.getSubOptions [ ]) path
    else null;

  placeholder = type:
    let
      name = type.name or "";
      payload = type.functor.payload or null;
    in
    if name == "bool" then false
    else if builtins.elem name [ "int" "positiveInt" "unsignedInt16" "float" "number" ] then 1
    else if builtins.match "(int|unsignedInt|signedInt).*" name != null then 1
    else if builtins.elem name [ "path" "pathInStore" ] then "/firn-unknown"
    else if builtins.match "(listOf|nonEmptyListOf)" name != null then [ ]
    else if builtins.elem name [ "attrsOf" "lazyAttrsOf" "loaOf" "submodule" "attrs" ] then { }
    else if name == "nullOr" then placeholder (elementOf type)
    else if name == "either" then placeholder (leftOf type)
    else if name == "coercedTo" then placeholder (type.nestedTypes.finalType or { })
    else if name == "enum" then builtins.head (if builtins.isList payload then payload else payload.values)
    else "firn-unknown";

  # A string that has to match a pattern: what the option itself shows is most likely to.
  fitting = { type, option }:
    let
      shown = builtins.filter (value: builtins.isString value) [ (option.example or null) (option.default or null) ];
      fits = builtins.filter (type.check or (_: true)) ([ (placeholder type) ] ++ shown);
    in
    if fits == [ ] then placeholder type else builtins.head fits;
in
path:
let found = descend options path;
in builtins.trace "firn: unknown ${builtins.concatStringsSep "." path}"
  (if found == null then "firn-unknown" else fitting found)
