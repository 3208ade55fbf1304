{ lib, ... }:
let
  inherit (lib) mkOption types;
in
{
  options.meta = {
    maintainers = mkOption { type = types.listOf types.unspecified; internal = true; default = [ ]; description = "List of maintainers of each module."; };
    doc = mkOption { type = types.nullOr types.path; internal = true; default = null; description = "Documentation of the module."; };
    buildDocsInSandbox = mkOption { type = types.bool; internal = true; default = true; description = "Whether the options can be documented in the sandbox."; };
  };
}
