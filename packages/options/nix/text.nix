# What options say, as text for people.
let
  of = value:
    if value == null then null
    else if builtins.isString value then value
    else if builtins.isAttrs value && value ? text then value.text
    else if builtins.isAttrs value && value ? contents then value.contents
    else null;

  # Functions and packages are named, and what goes on without end is cut.
  plain = depth: value:
    if depth == 0 then "…"
    else if builtins.isFunction value then "<function>"
    else if builtins.isList value then map (plain (depth - 1)) value
    else if builtins.isAttrs value then
      if value ? _type then let text = of value; in if text == null then "…" else text
      else if value.type or null == "derivation" then "pkgs.${value.pname or value.name or "?"}"
      else builtins.mapAttrs (_: plain (depth - 1)) value
    else if builtins.isPath value then toString value
    else value;
in
{
  inherit of;
  show = value:
    let shown = plain 4 value;
    in if builtins.isString shown && !(builtins.isString value) then shown
    else builtins.unsafeDiscardStringContext (builtins.toJSON shown);
}
