{
  description = "A miniature of nixpkgs and NixOS: the same interface, nothing to download";
  outputs = { self }:
    let
      lib = import ./lib;
      systems = [ "x86_64-linux" "aarch64-linux" ];
    in {
      lib = lib.extend (_: _: {
        nixos = { evalModules = args: lib.evalModules args; };
        nixosSystem = args: import ./nixos/lib/eval-config.nix ({ inherit (self) lib; system = null; } // args // {
          modules = args.modules ++ [ { config.nixpkgs.pkgs = lib.mkIf (args ? pkgs) (lib.mkDefault args.pkgs); } ];
        });
      });
      legacyPackages = lib.genAttrs systems (system: import ./. { inherit system; });
      nixosModules = { };
    };
}
