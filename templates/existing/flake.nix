{
  # The nixpkgs that machines are made of; `nix flake update` takes a newer one.
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
  outputs = { nixpkgs, ... }: { };
}
