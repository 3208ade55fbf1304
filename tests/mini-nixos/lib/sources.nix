{ lib }:
rec {
  cleanSourceFilter = name: type:
    let base = baseNameOf (toString name);
    in !(
      type == "directory" && builtins.elem base [ ".git" ".svn" "CVS" ".hg" ]
      || lib.hasSuffix "~" base
      || builtins.match ".*\\.(sw[a-z]|o|so)" base != null
      || type == "symlink" && lib.hasPrefix "result" base
      || type == "unknown"
    );
  cleanSourceWith = { src, filter ? (_: _: true), name ? "source" }: builtins.path {
    inherit name filter;
    path = src.origSrc or src;
  };
  cleanSource = src: cleanSourceWith { inherit src; filter = cleanSourceFilter; };
  sourceByRegex = src: patterns: cleanSourceWith {
    inherit src;
    filter = path: _:
      let relative = lib.removePrefix "${toString src}/" (toString path);
      in builtins.any (pattern: builtins.match pattern relative != null) patterns;
  };
  sourceFilesBySuffices = src: suffixes: cleanSourceWith {
    inherit src;
    filter = name: type: type == "directory" || builtins.any (suffix: lib.hasSuffix suffix name) suffixes;
  };
}
