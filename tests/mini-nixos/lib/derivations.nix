{ lib }:
{
  lazyDerivation = { derivation, meta ? derivation.meta or { }, passthru ? { }, outputs ? [ "out" ] }:
    { inherit meta outputs; type = "derivation"; inherit (derivation) outPath outputName drvPath name system; } // passthru;
  optionalDrvAttr = condition: value: if condition then value else null;
}
