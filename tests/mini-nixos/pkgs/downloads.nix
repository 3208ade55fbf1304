# What systems that boot by themselves are made of, by name: parts of Debian that `npm run test:vms` put into the store.
{ requireFile }:
let
  file = ../vm + "/parts.json";
  parts = if builtins.pathExists file then builtins.fromJSON (builtins.readFile file)
    else throw "tests/mini-nixos/vm/parts.json is missing: `npm run test:vms` makes it (kernels and programs of Debian, for virtual machines).";
in
name: requireFile {
  inherit name;
  inherit (parts.${name}) sha256;
  hashMode = "recursive";
  message = "it is not in the store: run npm run test:vms";
} // parts.${name}
