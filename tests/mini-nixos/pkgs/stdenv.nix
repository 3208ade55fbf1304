# mkDerivation: attributes in, a derivation out that busybox' shell builds.
{ lib, host, build, config }:
let
  # What runs while something is built.
  busybox = (import ./busybox.nix).native.${build.system} or (throw "the miniature builds on x86_64-linux and aarch64-linux, not on ${build.system}");
  # As in nixpkgs, a name tells what it was built for where that is another platform.
  suffix = lib.optionalString (host.system != build.system) "-${host.config}";
  checkMeta = import ./check-meta.nix { inherit lib config; };

  # A phase that is not given does what its name says for the simplest of sources.
  genericBuild = ''
    if [ -n "''${buildCommand:-}" ] || [ -n "''${buildCommandPath:-}" ]; then
      if [ -n "''${buildCommandPath:-}" ]; then . "$buildCommandPath"; else eval "$buildCommand"; fi
    else
      if [ -n "''${src:-}" ] && [ -z "''${dontUnpack:-}" ]; then
        if [ -d "$src" ]; then cp -r "$src" source; chmod -R u+w source; cd source
        else case "$src" in
          *.tar|*.tar.*|*.tgz) mkdir source; tar -xf "$src" -C source; cd source;;
          *) cp "$src" ./;;
        esac; fi
      fi
      eval "''${postUnpack:-}"; eval "''${postPatch:-}"; eval "''${preBuild:-}"
      eval "''${buildPhase:-}"; eval "''${postBuild:-}"; eval "''${preInstall:-}"
      eval "''${installPhase:-mkdir -p \$out}"; eval "''${postInstall:-}"; eval "''${preFixup:-}"; eval "''${postFixup:-}"
    fi
  '';

  prologue = ''
    export PATH="$toolsPath" HOME=/homeless-shelter NIX_BUILD_TOP="$PWD"
    runHook() { eval "eval \"\''${$1:-}\""; }
    substituteInPlace() {
      f=$1; shift
      while [ $# -gt 0 ]; do
        case "$1" in
          --replace|--replace-fail|--replace-warn|--replace-quiet)
            FROM=$2 TO=$3 awk 'BEGIN { from = ENVIRON["FROM"]; to = ENVIRON["TO"] }
              { line = $0; out = ""; while ((i = index(line, from)) > 0) { out = out substr(line, 1, i - 1) to; line = substr(line, i + length(from)) } print out line }' \
              "$f" > "$f.new"; cat "$f.new" > "$f"; rm "$f.new"; shift 3;;
          *) echo "substituteInPlace: unknown argument $1" >&2; return 1;;
        esac
      done
    }
  '';

  make = attrs:
    let
      name = (attrs.name or "${attrs.pname}-${attrs.version}") + suffix;
      inputs = builtins.filter (x: x != null) ((attrs.nativeBuildInputs or [ ]) ++ (attrs.buildInputs or [ ]));
      drvAttrs = builtins.removeAttrs attrs [ "meta" "passthru" "pos" "env" "nativeBuildInputs" "buildInputs" "propagatedBuildInputs" "strictDeps" ] // attrs.env or { } // {
        inherit name;
        inherit (build) system;
        builder = "${busybox}/bin/busybox";
        args = [ "sh" "-euc" (prologue + genericBuild) ];
        toolsPath = lib.makeBinPath (inputs ++ [ busybox ]);
      };
      drv = derivation drvAttrs;
      # `old: {…}` or `final: old: {…}`
      overridden = f:
        let
          once = if lib.isFunction f then f attrs else f;
          new = attrs // (if lib.isFunction once then f new attrs else once);
        in new;
      checked = checkMeta { inherit name attrs; inherit (host) system; };
      ofOutput = output: output // common // {
        outPath = builtins.seq checked output.outPath;
        drvPath = builtins.seq checked output.drvPath;
      };
      common = {
        inherit name;
        meta = { inherit name; available = true; broken = false; insecure = false; unfree = false; } // lib.optionalAttrs (attrs ? pname) { mainProgram = attrs.pname; } // attrs.meta or { };
        passthru = attrs.passthru or { };
        overrideAttrs = f: mkDerivation (overridden f);
        inherit drvAttrs;
      } // lib.optionalAttrs (attrs ? pname) { inherit (attrs) pname version; } // attrs.passthru or { };
      outputs = lib.genAttrs (attrs.outputs or [ "out" ]) (output: ofOutput drv.${output});
    in ofOutput drv // outputs;

  mkDerivation = attrs: if lib.isFunction attrs then lib.fix (self: make (attrs self)) else make attrs;
in
{
  inherit mkDerivation;
  hostPlatform = host;
  buildPlatform = build;
  targetPlatform = host;
  inherit (build) system;
  inherit (host) isLinux isDarwin isx86_64 isAarch64;
  shell = "${busybox}/bin/sh";
  cc = busybox;
  name = "stdenv-linux";
}
