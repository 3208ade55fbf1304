# The option set of a project as plain data: nested attribute sets whose leaves are
#   { _option = true; type; description; default; example; declarations; readOnly; hidden; deprecated; }
# `values = false` leaves out defaults and examples that are not text: a broken package in one of them ends the
# evaluation, and Nix has no way to catch that.
{ options, maxDepth ? 12, values ? true }:
let
  inherit (import ./attempt.nix) attempt;
  text = import ./text.nix;
  types = import ./types.nix { inherit attempt tree; };

  # Renamed and removed options say so nowhere but in what they do.
  deprecation = option:
    let
      description = text.of (option.description or null);
      hidden = isHidden option;
      match = pattern: if description == null then null else builtins.match pattern description;
      tagged = match "Alias of <option>(.*)</option>.*";
      renamed = if tagged != null then tagged else match "Alias of [^`]*`([^`]*)`.*";
      noted = option.type.deprecationMessage or null;
      typeless = (option.type.name or "unspecified") == "unspecified" && !(option ? default);
    in
    if hidden && renamed != null then { kind = "renamed"; to = builtins.head renamed; }
    else if hidden && option.default or null == "_mkMergedOptionModule" then { kind = "changed"; }
    else if hidden && description == null && typeless && option ? apply && !(builtins.tryEval (option.apply null)).success then { kind = "removed"; }
    else if builtins.isString noted then { kind = "noted"; text = noted; }
    else null;

  isHidden = option:
    option.internal or false || (let visible = option.visible or true; in builtins.isBool visible && !visible);

  # nixpkgs gives an alias of something inside a submodule the type of an empty submodule, whatever it takes.
  typeOf = around: depth: option:
    let
      type = types.of around depth (option.type or { });
      description = text.of (option.description or null);
    in if type.kind == "attrs" && description != null && builtins.match "Alias of .*" description != null then { kind = "any"; } else type;

  leaf = around: depth: option: {
    _option = true;
    type = attempt (typeOf around depth option) { kind = "any"; };
    description = attempt (text.of (option.description or null)) null;
    default = attempt
      (if option ? defaultText then (let t = text.of option.defaultText; in if t == null then text.show option.defaultText else t)
       else if values && option ? default then text.show option.default else null)
      null;
    example = attempt (if values && option ? example then text.show option.example else null) null;
    declarations = attempt (map toString (option.declarations or [ ])) [ ];
    readOnly = attempt (option.readOnly or false) false;
    hidden = attempt (isHidden option) false;
    deprecated = attempt (deprecation option) null;
  };

  # `around` are the types that are being described, outermost last.
  tree = around: depth: node:
    if node._type or null == "option" then leaf around depth node
    else builtins.mapAttrs (_: tree around depth)
      (builtins.removeAttrs node (builtins.filter (name: !(builtins.isAttrs node.${name})) (builtins.attrNames node)));
in
tree [ ] maxDepth (builtins.removeAttrs options [ "_module" ])
