# nixpkgs' trivial builders.
final: prev:
let
  inherit (final) lib stdenv runCommand runCommandLocal runtimeShell;
  escape = lib.escapeShellArg;
  # A script too long for the environment travels in a file.
  withCommand = attrs: command:
    if builtins.stringLength command < 100000 then attrs // { buildCommand = command; }
    else attrs // { buildCommand = command; passAsFile = [ "buildCommand" ] ++ attrs.passAsFile or [ ]; };
in
{
  busybox =
    let
      all = import ./busybox.nix;
      host = stdenv.hostPlatform.system;
      build = stdenv.buildPlatform.system;
    in
    if host == build then all.native.${host} else all.cross.${build}.${host};
  runtimeShell = "${final.busybox}/bin/sh";
  runtimeShellPackage = final.busybox;

  runCommand = name: attrs: command: stdenv.mkDerivation (withCommand ({ inherit name; } // attrs) command);
  runCommandLocal = name: attrs: runCommand name ({ preferLocalBuild = true; allowSubstitutes = false; } // attrs);
  runCommandCC = runCommand;

  writeTextFile = { name, text, executable ? false, destination ? "", checkPhase ? "", meta ? { }, passthru ? { }, derivationArgs ? { }, ... }:
    runCommand name
      ({ inherit text meta passthru; passAsFile = [ "text" ]; preferLocalBuild = true; allowSubstitutes = false; } // derivationArgs)
      ''
        target=$out${escape destination}
        mkdir -p "$(dirname "$target")"
        mv "$textPath" "$target"
        ${lib.optionalString executable ''chmod +x "$target"''}
        ${checkPhase}
      '';
  writeText = name: text: final.writeTextFile { inherit text; name = toString name; };
  writeTextDir = path: text: final.writeTextFile { inherit text; name = builtins.baseNameOf path; destination = "/${path}"; };
  writeScript = name: text: final.writeTextFile { inherit name text; executable = true; };
  writeScriptBin = name: text: final.writeTextFile { inherit name text; executable = true; destination = "/bin/${name}"; meta.mainProgram = name; };
  writeShellScript = name: text: final.writeScript name "#!${runtimeShell}\n${text}\n";
  writeShellScriptBin = name: text: final.writeScriptBin name "#!${runtimeShell}\n${text}\n";
  writeShellApplication = { name, text, runtimeInputs ? [ ], runtimeEnv ? null, meta ? { }, ... }:
    final.writeScriptBin name ''
      #!${runtimeShell}
      set -o errexit -o nounset -o pipefail
      ${lib.optionalString (runtimeEnv != null) (lib.toShellVars runtimeEnv)}
      ${lib.optionalString (runtimeInputs != [ ]) ''export PATH="${lib.makeBinPath runtimeInputs}:$PATH"''}
      ${text}
    '' // { meta = { mainProgram = name; } // meta; };
  writers = { writeDash = final.writeShellScript; writeBash = final.writeShellScript; writeJSON = name: value: final.writeText name (builtins.toJSON value); };
  concatText = name: files: runCommand name { inherit files; } "cat $files > $out";
  substitute = { src, replacements ? [ ], name ? baseNameOf (toString src), ... }:
    runCommand name { inherit src; } "cp $src $out; chmod u+w $out; substituteInPlace $out ${lib.escapeShellArgs replacements}";
  replaceVars = src: vars:
    final.writeText (baseNameOf (toString src))
      (lib.replaceStrings (map (name: "@${name}@") (builtins.attrNames vars)) (map toString (builtins.attrValues vars)) (builtins.readFile src));
  symlinkJoin = args@{ name ? "${args.pname}-${args.version}", paths, postBuild ? "", meta ? { }, passthru ? { }, ... }:
    final.buildEnv { inherit name paths postBuild meta passthru; };
  linkFarm = name: entries:
    let
      list = if builtins.isAttrs entries then lib.mapAttrsToList (name: path: { inherit name path; }) entries else entries;
    in
    runCommand name { preferLocalBuild = true; } ("mkdir -p $out; cd $out\n" + lib.concatMapStrings
      (entry: "mkdir -p ${escape (dirOf "./${entry.name}")}; ln -sfn ${escape "${entry.path}"} ${escape "./${entry.name}"}\n")
      list);
  linkFarmFromDrvs = name: drvs: final.linkFarm name (map (drv: { inherit (drv) name; path = drv; }) drvs);

  # One tree of links; a directory that only one package has is linked as a whole.
  buildEnv = { name, paths, pathsToLink ? [ "/" ], postBuild ? "", extraPrefix ? "", ignoreCollisions ? false, meta ? { }, passthru ? { }, ... }:
    runCommand name { paths = map toString (lib.flatten paths); inherit pathsToLink extraPrefix meta passthru; preferLocalBuild = true; } ''
      merge() { # merge FROM TO
        if [ -d "$1" ] && [ -e "$2" ]; then
          if [ -L "$2" ]; then was=$(readlink "$2"); rm "$2"; mkdir "$2"; for each in "$was"/*; do [ ! -e "$each" ] || ln -s "$each" "$2/''${each##*/}"; done; fi
          for entry in "$1"/*; do [ ! -e "$entry" ] || ( merge "$entry" "$2/''${entry##*/}" ); done
        elif [ -e "$2" ]; then
          cmp -s "$1" "$2" ${lib.optionalString ignoreCollisions "|| true "}|| { echo "error: collision between \`$1' and \`$(readlink "$2")'" >&2; exit 1; }
        else mkdir -p "''${2%/*}"; ln -s "$1" "$2"; fi
      }
      mkdir -p $out$extraPrefix
      for path in $paths; do
        for part in $pathsToLink; do
          part=''${part%/}
          if [ -z "$part" ]; then for entry in "$path"/*; do [ ! -e "$entry" ] || merge "$entry" "$out$extraPrefix/''${entry##*/}"; done
          elif [ -e "$path$part" ]; then merge "$path$part" "$out$extraPrefix$part"; fi
        done
      done
      ${postBuild}
    '';

  formats = import ./formats.nix { inherit lib; pkgs = final; };
  # Found by its content, and put into the store by hand.
  requireFile = { name, sha256, hashMode ? "flat", message ? "add it with nix-store --add-fixed" }:
    runCommandLocal name { outputHashMode = hashMode; outputHashAlgo = "sha256"; outputHash = sha256; } "echo ${escape message} >&2; exit 1";
  fetchurl = _: throw "the miniature downloads nothing";
  fetchFromGitHub = _: throw "the miniature downloads nothing";
  nixosTest = _: throw "the miniature has no test driver";
}
