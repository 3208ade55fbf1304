# Refuses what the configuration does not allow, in nixpkgs' words.
{ lib, config }:
let
  licensesOf = attrs: lib.toList (attrs.meta.license or [ ]);
  unfreeLicenses = attrs: builtins.filter (license: builtins.isAttrs license && !(license.free or true)) (licensesOf attrs);
  where = attrs:
    let position = builtins.unsafeGetAttrPos "meta" attrs;
    in attrs.meta.position or (if position == null then "«unknown-file»" else "${position.file}:${toString position.line}");

  refuse = name: attrs: reason: remedy:
    throw "Package ‘${name}’ in ${where attrs} ${reason}, refusing to evaluate.\n\n${remedy}";
  allow = option: name: text: ''
    ${text}
    a) For `nixos-rebuild` you can set
      { nixpkgs.config.${option}; }
    in configuration.nix to override this.

    b) For `nix-env`, `nix-build`, `nix-shell` or any other Nix command you can add
      { ${option}; }
    to ~/.config/nixpkgs/config.nix.
  '';
in
{ name, attrs, system }:
let
  known = attrs.meta.knownVulnerabilities or [ ];
  package = { inherit name; pname = attrs.pname or (builtins.parseDrvName name).name; version = attrs.version or ""; meta = attrs.meta or { }; };
  unfree = unfreeLicenses attrs;
in
if unfree != [ ] && !(config.allowUnfree or false) && !((config.allowUnfreePredicate or (_: false)) package) then
  refuse name attrs "has an unfree license (‘${lib.concatMapStringsSep ", " (license: license.shortName or "unknown") unfree}’)"
    (allow "allowUnfree = true" name "")
else if attrs.meta.broken or false && !(config.allowBroken or false) then
  refuse name attrs "is marked as broken" (allow "allowBroken = true" name "")
else if known != [ ] && !(builtins.elem name (config.permittedInsecurePackages or [ ])) && !((config.allowInsecurePredicate or (_: false)) package) then
  refuse name attrs "is marked as insecure"
    (allow "permittedInsecurePackages = [ \"${name}\" ]" name
      "\nKnown issues:\n${lib.concatMapStrings (issue: " - ${issue}\n") known}\nYou can install it anyway by allowing this package, using the following methods:\n")
else if !(builtins.elem system (attrs.meta.platforms or [ system ])) && !(config.allowUnsupportedSystem or false) then
  refuse name attrs "is not available on the requested hostPlatform:\n  hostPlatform.system = \"${system}\"\n  package.meta.platforms = ${lib.generators.toPretty { } attrs.meta.platforms}"
    (allow "allowUnsupportedSystem = true" name "")
else true
