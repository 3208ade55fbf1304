# busybox by system: one value each in one evaluation, however many package sets are made.
let
  bootstrap = import ./bootstrap.nix;
  make = system: name:
    let
      drv = derivation {
        inherit system name;
        builder = "${bootstrap}/bin/busybox";
        args = [ "sh" "-ec" "mkdir -p $out/bin; cp ${bootstrap}/bin/busybox $out/bin/; $out/bin/busybox --install -s $out/bin" ];
      };
    in drv // { pname = "busybox"; version = "1.35.0"; meta = { mainProgram = "busybox"; }; shellPath = "/bin/sh"; };
  systems = [ "x86_64-linux" "aarch64-linux" ];
  each = f: builtins.listToAttrs (map (name: { inherit name; value = f name; }) systems);
in
{
  native = each (system: make system "busybox-1.35.0");
  # By the system that builds, then by what it builds for. A stand-in: it has the builder's program.
  cross = each (build: each (host: make build "busybox-1.35.0-${host}"));
}
