{ lib, types, addCheck, simple, ... }:
let
  span = low: high: "${toString low} and ${toString high} (both inclusive)";
  between = low: high:
    assert lib.assertMsg (low <= high) "ints.between: lowest must be smaller than highest";
    addCheck types.int (x: x >= low && x <= high) // { name = "intBetween"; description = "integer between ${span low high}"; };
  sized = name: start: low: high: between low high // { inherit name; description = "${start}; between ${span low high}"; };
  unsigned = bits: range: sized "unsignedInt${toString bits}" "${toString bits} bit unsigned integer" 0 (range - 1);
  signed = bits: range: sized "signedInt${toString bits}" "${toString bits} bit signed integer" (0 - range / 2) (range / 2 - 1);
  restrictive = name: description: type: check: addCheck type check // { inherit name description; descriptionClass = "nonRestrictiveClause"; };
in
{
  int = simple "int" "signed integer" builtins.isInt lib.mergeEqualOption;
  float = simple "float" "floating point number" builtins.isFloat lib.mergeEqualOption;
  number = types.either types.int types.float;
  ints = {
    inherit between;
    unsigned = restrictive "unsignedInt" "unsigned integer, meaning >=0" types.int (x: x >= 0);
    positive = restrictive "positiveInt" "positive integer, meaning >0" types.int (x: x > 0);
    u8 = unsigned 8 256;
    u16 = unsigned 16 65536;
    u32 = unsigned 32 4294967296;
    s8 = signed 8 256;
    s16 = signed 16 65536;
    s32 = signed 32 4294967296;
  };
  port = types.ints.u16;
  numbers = {
    between = low: high:
      assert lib.assertMsg (low <= high) "numbers.between: lowest must be smaller than highest";
      addCheck types.number (x: x >= low && x <= high) // {
        name = "numberBetween";
        description = "integer or floating point number between ${builtins.toJSON low} and ${builtins.toJSON high} (both inclusive)";
      };
    nonnegative = restrictive "numberNonnegative" "nonnegative integer or floating point number, meaning >=0" types.number (x: x >= 0);
    positive = restrictive "numberPositive" "positive integer or floating point number, meaning >0" types.number (x: x > 0);
  };
}
