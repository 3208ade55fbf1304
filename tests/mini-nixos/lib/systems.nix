{ lib }:
rec {
  # The part of nixpkgs' platform description that modules ask for.
  elaborate = given:
    let
      attrs = if builtins.isString given then { system = given; } else given;
      system = attrs.system or (throw "lib.systems.elaborate: no system given");
      parts = builtins.match "([^-]+)-(.+)" system;
      cpu = builtins.elemAt parts 0;
      kernel = builtins.elemAt parts 1;
      self = {
        inherit system;
        config = "${cpu}-unknown-${kernel}-gnu";
        parsed = { cpu.name = cpu; kernel.name = kernel; };
        isLinux = kernel == "linux";
        isDarwin = kernel == "darwin";
        isx86_64 = cpu == "x86_64";
        isx86 = cpu == "x86_64" || cpu == "i686";
        isAarch64 = cpu == "aarch64";
        isAarch32 = cpu == "armv7l";
        is64bit = cpu == "x86_64" || cpu == "aarch64";
        isStatic = false;
        isMusl = false;
        isGnu = true;
        linuxArch = if cpu == "aarch64" then "arm64" else cpu;
        canExecute = other: other.system == system;
        gcc = { };
        __toString = _: system;
      } // attrs;
    in if parts == null then throw "Unknown system `${system}'" else self;
  equals = a: b: a.system == b.system;
  systemToAttrs = system: if builtins.isString system then { inherit system; } else system;
  doubles = lib.platforms // { all = lib.platforms.all; };
  flakeExposed = [ "x86_64-linux" "aarch64-linux" ];
  examples = { };
}
