# Reads store paths from standard input, one a line, and prints those that this machine lacks.
exec xargs nix-store --check-validity --print-invalid
