# What systems that boot by themselves are made of, by name: parts of Debian that set-up put into the store.
{ system }:
let
  file = ../vm + "/parts.json";
  parts = if builtins.pathExists file then builtins.fromJSON (builtins.readFile file)
    else throw "tests/mini-nixos/vm/parts.json is missing: `npm test` makes it (kernels and programs of Debian, for virtual machines).";
in
name: derivation {
  inherit name system;
  outputHashMode = "recursive";
  outputHashAlgo = "sha256";
  outputHash = parts.${name}.sha256;
  builder = "/bin/sh";
  args = [ "-c" "echo 'it is not in the store: run `node tools/setup.mjs`' >&2; exit 1" ];
} // parts.${name}
