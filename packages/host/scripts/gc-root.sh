# Keeps a copied system, $1, from the machine's garbage collector until an activation takes over.
mkdir -p /nix/var/nix/gcroots/firn && ln -sfn "$1" /nix/var/nix/gcroots/firn/next
