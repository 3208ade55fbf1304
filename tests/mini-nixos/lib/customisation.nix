{ lib }:
rec {
  overrideDerivation = drv: f: derivation (drv.drvAttrs // f drv);
  makeOverridable = f: args:
    let
      result = f args;
      again = changed: makeOverridable f (args // (if lib.isFunction changed then changed args else changed));
    in
    if builtins.isAttrs result then
      result // {
        override = again;
        overrideDerivation = g: overrideDerivation result g;
      } // lib.optionalAttrs (result ? overrideAttrs) {
        overrideAttrs = g: makeOverridable (args: (f args).overrideAttrs g) args;
      }
    else if lib.isFunction result then lib.setFunctionArgs result (lib.functionArgs result) // { override = again; }
    else result;
  callPackageWith = available: fn: args:
    let
      f = if lib.isFunction fn then fn else import fn;
      wanted = lib.functionArgs f;
      missing = lib.attrNames (lib.filterAttrs (name: optional: !optional && !(available ? ${name}) && !(args ? ${name})) wanted);
    in
    if missing == [ ] then makeOverridable f (builtins.intersectAttrs wanted available // args)
    else throw "Function called without required argument \"${builtins.head missing}\" at ${place fn}";
  callPackagesWith = available: fn: args: (callPackageWith available fn args);
  place = fn: if builtins.isPath fn then toString fn else "<anonymous function>";
  extendDerivation = condition: passthru: drv: drv // passthru // { outPath = assert condition; drv.outPath; drvPath = assert condition; drv.drvPath; };
  hydraJob = drv: drv;
  makeScope = newScope: f:
    let self = f self // {
      newScope = scope: newScope (self // scope);
      callPackage = self.newScope { };
      overrideScope = g: makeScope newScope (lib.extends g f);
      packages = f;
    };
    in self;
}
