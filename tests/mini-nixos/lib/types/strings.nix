{ lib, types, mkOptionType, simple, addCheck, defaultFunctor, optionDescriptionPhrase, ... }:
let
  inherit (builtins) isString match;
in
{
  str = simple "str" "string" isString lib.mergeEqualOption;
  nonEmptyStr = simple "nonEmptyStr" "non-empty string" (x: isString x && match "[ \t\n]*" x == null) lib.mergeEqualOption;
  singleLineStr = simple "singleLineStr" "(optionally newline-terminated) single-line string"
    (x: isString x && match "[^\n\r]*\n?" x != null)
    (loc: defs: lib.removeSuffix "\n" (lib.mergeEqualOption loc defs));
  strMatching = pattern: simple "strMatching ${lib.strings.escapeNixString pattern}" "string matching the pattern ${pattern}"
    (x: isString x && match pattern x != null)
    lib.mergeEqualOption
  // (
    let functor = defaultFunctor "strMatching" // {
      type = payload: types.strMatching payload.pattern;
      payload = { inherit pattern; };
      binOp = a: b: if a == b then a else null;
    };
    in { inherit functor; typeMerge = lib.types.defaultTypeMerge functor; }
  );
  separatedString = separator: mkOptionType rec {
    name = "separatedString";
    description = if separator == "" then "Concatenated string" else "strings concatenated with ${builtins.toJSON separator}";
    descriptionClass = "noun";
    check = isString;
    merge = _: defs: lib.concatStringsSep separator (lib.getValues defs);
    functor = defaultFunctor name // {
      payload = { sep = separator; };
      type = payload: types.separatedString payload.sep;
      binOp = a: b: if a.sep == b.sep then { inherit (a) sep; } else null;
    };
  };
  lines = types.separatedString "\n";
  commas = types.separatedString ",";
  envVar = types.separatedString ":";
  string = types.separatedString "" // { name = "string"; };
  passwdEntry = type: addCheck type (s: !(lib.hasInfix ":" s || lib.hasInfix "\n" s)) // {
    name = "passwdEntry ${type.name}";
    description = "${optionDescriptionPhrase (class: class == "noun") type}, not containing newlines or colons";
    descriptionClass = "nonRestrictiveClause";
  };
}
