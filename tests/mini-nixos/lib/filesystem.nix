{ lib }:
rec {
  pathType = path: (builtins.readDir (dirOf path)).${baseNameOf path};
  pathIsDirectory = path: builtins.pathExists path && pathType path == "directory";
  pathIsRegularFile = path: builtins.pathExists path && pathType path == "regular";
  listFilesRecursive = directory: lib.flatten (lib.mapAttrsToList
    (name: type: if type == "directory" then listFilesRecursive (directory + "/${name}") else directory + "/${name}")
    (builtins.readDir directory));
}
