{ lib }:
rec {
  assertMsg = condition: message: condition || throw message;
  assertOneOf = name: value: allowed:
    assertMsg (builtins.elem value allowed)
      "${name} must be one of ${lib.generators.toPretty { } allowed}, but is: ${lib.generators.toPretty { } value}";
  assertEachOneOf = name: values: allowed: builtins.all (value: assertOneOf name value allowed) values;
  checkAssertWarn = assertions: warnings: value:
    let failed = map (each: each.message) (builtins.filter (each: !each.assertion) assertions);
    in
    if failed != [ ] then throw "\nFailed assertions:\n${builtins.concatStringsSep "\n" (map (message: "- ${message}") failed)}"
    else lib.trivial.showWarnings warnings value;
}
