# What Firn reads from evaluated machines: names -> { drvPath, toplevel, manifest }.
# Hashes are short because the manifest lies in Pulumi's state, and previews show it to people.
{ nodes, names }:
let
  shortHash = text: builtins.substring 0 12 (builtins.hashString "sha256" (builtins.unsafeDiscardStringContext text));

  enabled = set: builtins.removeAttrs set
    (builtins.filter (name: !(set.${name}.enable or true)) (builtins.attrNames set));

  # A unit's text is a function of nothing but the configuration; its derivation would have to be instantiated.
  units = config: builtins.mapAttrs (_: unit: shortHash (unit.text or "")) (enabled config.systemd.units);

  # The unit directories are one /etc entry that changes with every unit: the units themselves tell more.
  etc = config:
    let entries = enabled (builtins.removeAttrs config.environment.etc [ "systemd/system" "systemd/user" ]);
    in builtins.listToAttrs (map
      (name: { name = entries.${name}.target or name; value = shortHash (toString entries.${name}.source); })
      (builtins.attrNames entries));

  packages = config: builtins.listToAttrs (map
    (package:
      let parsed = builtins.parseDrvName (package.name or (baseNameOf (toString package)));
      in { name = package.pname or parsed.name; value = package.version or parsed.version; })
    config.environment.systemPackages);

  describe = name:
    let
      inherit (nodes.${name}) config;
      # A host that stays another distribution's takes a part of the configuration only.
      part = config.system.build.firnServices or null;
      toplevel = if part == null then config.system.build.toplevel else part;
      shown = if part == null then config else {
        systemd = { inherit (part.firn) units; };
        environment = { inherit (part.firn) etc; systemPackages = part.firn.packages; };
      };
      description = {
        inherit (toplevel) drvPath;
        toplevel = builtins.unsafeDiscardStringContext toplevel.outPath;
        manifest = {
          nixos = config.system.nixos.version or config.system.nixosVersion;
          inherit (config.system) stateVersion;
          kernel = if config.boot.isContainer or false then "" else config.boot.kernelPackages.kernel.version;
          units = units shown;
          etc = etc shown;
          packages = packages shown;
        };
      };
    in
    # Lazy parts would fail outside this context, and nobody could tell whose they are.
    builtins.addErrorContext "while evaluating the Firn machine '${name}'" (builtins.deepSeq description description);
in
builtins.listToAttrs (map (name: { inherit name; value = describe name; }) names)
