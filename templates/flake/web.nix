{ pkgs, ... }: {
  system.stateVersion = "26.05";
  services.nginx = {
    enable = true;
    virtualHosts.default = {
      default = true;
      root = pkgs.writeTextDir "index.html" "Hello from NixOS by a flake\n";
    };
  };
}
