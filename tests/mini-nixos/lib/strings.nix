{ lib }:
let
  inherit (builtins) substring stringLength replaceStrings concatStringsSep elem;
  lower = "abcdefghijklmnopqrstuvwxyz";
  upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  lowerList = stringToCharacters lower;
  upperList = stringToCharacters upper;
  stringToCharacters = s: builtins.genList (i: substring i 1 s) (stringLength s);
  drop = n: s: substring n (-1) s;
in
rec {
  inherit (builtins)
    compareVersions concatStringsSep elem fromJSON hashString isInt isList isString match parseDrvName readFile
    replaceStrings split storeDir stringLength substring tail toJSON unsafeDiscardStringContext typeOf fromTOML head;
  inherit stringToCharacters lower upper;

  concatStrings = concatStringsSep "";
  concatMapStrings = f: list: concatStrings (map f list);
  concatImapStrings = f: list: concatStrings (lib.lists.imap1 f list);
  concatMapStringsSep = separator: f: list: concatStringsSep separator (map f list);
  concatImapStringsSep = separator: f: list: concatStringsSep separator (lib.lists.imap1 f list);
  concatMapAttrsStringSep = separator: f: set: concatStringsSep separator (lib.attrsets.mapAttrsToList f set);
  concatLines = concatMapStrings (line: line + "\n");
  intersperse = separator: list:
    if builtins.length list < 2 then list
    else lib.lists.concatImap (i: x: if i == 1 then [ x ] else [ separator x ]) list;
  join = concatStringsSep;
  optionalString = condition: s: if condition then s else "";
  replicate = n: s: concatStrings (lib.lists.replicate n s);

  hasPrefix = prefix: s: substring 0 (stringLength prefix) s == prefix;
  hasSuffix = suffix: s:
    let n = stringLength s; m = stringLength suffix; in n >= m && substring (n - m) m s == suffix;
  hasInfix = infix: s: infix == "" || replaceStrings [ infix ] [ "" ] "${s}" != "${s}";
  removePrefix = prefix: s: if hasPrefix prefix s then drop (stringLength prefix) s else s;
  removeSuffix = suffix: s: if suffix != "" && hasSuffix suffix s then substring 0 (stringLength s - stringLength suffix) s else s;
  trim = trimWith { start = true; end = true; };
  trimWith = { start ? false, end ? false }: s:
    let
      blank = c: elem c [ " " "\t" "\n" "\r" ];
      characters = stringToCharacters s;
      n = builtins.length characters;
      first = if start then lib.lists.findFirstIndex (c: !(blank c)) n characters else 0;
      behind = if end then lib.lists.findFirstIndex (c: !(blank c)) n (lib.lists.reverseList characters) else 0;
    in if first >= n then "" else substring first (n - first - behind) s;

  escape = list: replaceStrings list (map (c: "\\${c}") list);
  escapeRegex = escape (stringToCharacters "\\[{()^$?*+|.");
  escapeShellArg = arg:
    let s = toString arg;
    in if builtins.match "[[:alnum:],._+:@%/-]+" s != null then s else "'${replaceStrings [ "'" ] [ "'\\''" ] s}'";
  escapeShellArgs = concatMapStringsSep " " escapeShellArg;
  escapeNixString = s: escape [ "$" ] (builtins.toJSON s);
  escapeNixIdentifier = s: if builtins.match "[a-zA-Z_][a-zA-Z0-9_'-]*" s != null then s else escapeNixString s;
  escapeXML = replaceStrings [ "\"" "'" "<" ">" "&" ] [ "&quot;" "&apos;" "&lt;" "&gt;" "&amp;" ];
  isValidPosixName = name: builtins.match "[a-zA-Z_][a-zA-Z0-9_]*" name != null;
  toShellVar = name: value:
    lib.trivial.throwIfNot (isValidPosixName name) "toShellVar: ${name} is not a valid shell variable name"
      (if lib.attrsets.isAttrs value && !isStringLike value then throw "toShellVar: busybox' shell has no associative arrays"
      else "${name}=${escapeShellArg value}");
  toShellVars = vars: concatStringsSep "\n" (lib.attrsets.mapAttrsToList toShellVar vars);

  toLower = replaceStrings upperList lowerList;
  toUpper = replaceStrings lowerList upperList;
  lowerChars = lowerList;
  upperChars = upperList;
  stringAsChars = f: s: concatMapStrings f (stringToCharacters s);
  toSentenceCase = s: toUpper (substring 0 1 s) + toLower (drop 1 s);
  addContextFrom = from: to: substring 0 0 from + to;
  splitString = separator: s:
    map (addContextFrom s) (builtins.filter builtins.isString (builtins.split (escapeRegex (toString separator)) (toString s)));
  fixedWidthString = width: filler: s:
    let missing = width - stringLength s; in if missing <= 0 then s else replicate missing filler + s;
  fixedWidthNumber = width: n: fixedWidthString width "0" (toString n);
  floatToString = f: toString f;
  toInt = s:
    let parsed = builtins.match "[[:space:]]*(-?[[:digit:]]+)[[:space:]]*" s; n = builtins.fromJSON (builtins.head parsed);
    in if parsed != null && builtins.isInt n then n else throw "toInt: Could not convert ${escapeNixString s} to int.";
  toIntBase10 = s: toInt (let m = builtins.match "0*([0-9]+)" s; in if m == null then s else builtins.head m);
  normalizePath = s: "${optionalString (hasPrefix "/" s) "/"}${concatStringsSep "/" (builtins.filter (x: x != "" && x != ".") (splitString "/" s))}";
  sanitizeDerivationName = s:
    let clean = concatStrings (map (x: if builtins.isList x then "-" else x) (builtins.split "[^[:alnum:]+._?=-]+" (unsafeDiscardStringContext (toString s))));
    in if clean == "" then "unknown" else removePrefix "." clean;
  levenshtein = a: b: if a == b then 0 else lib.lists.last (lib.lists.foldl' (row: i:
    builtins.foldl' (new: j:
      new ++ [
        (lib.trivial.min (lib.trivial.min (builtins.elemAt new (j - 1) + 1) (builtins.elemAt row j + 1))
          (builtins.elemAt row (j - 1) + (if substring (i - 1) 1 a == substring (j - 1) 1 b then 0 else 1)))
      ]) [ i ] (lib.lists.range 1 (stringLength b))) (lib.lists.range 0 (stringLength b)) (lib.lists.range 1 (stringLength a)));
  levenshteinAtMost = k: a: b: levenshtein a b <= k;
  commonPrefixLength = a: b:
    let m = lib.trivial.min (stringLength a) (stringLength b);
    in lib.lists.findFirstIndex (i: substring i 1 a != substring i 1 b) m (lib.lists.range 0 (m - 1));

  isStringLike = x: builtins.isString x || builtins.isPath x || x ? outPath || x ? __toString;
  isConvertibleWithToString = x: isStringLike x || x == null || builtins.isInt x || builtins.isFloat x || builtins.isBool x
    || builtins.isList x && builtins.all isConvertibleWithToString x;
  isStorePath = x:
    isStringLike x && substring 0 1 (toString x) == "/" && dirOf (toString x) == builtins.storeDir;
  makeSearchPath = dir: paths: concatMapStringsSep ":" (path: "${path}/${dir}") (builtins.filter (x: x != null) paths);
  makeSearchPathOutput = output: dir: pkgs: makeSearchPath dir (map (lib.attrsets.getOutput output) pkgs);
  makeBinPath = makeSearchPathOutput "bin" "bin";
  makeLibraryPath = makeSearchPathOutput "lib" "lib";

  versionOlder = a: b: builtins.compareVersions b a == 1;
  versionAtLeast = a: b: !(versionOlder a b);
  getName = x: if builtins.isString x then (builtins.parseDrvName x).name else x.pname or (builtins.parseDrvName x.name).name;
  getVersion = x: if builtins.isString x then (builtins.parseDrvName x).version else x.version or (builtins.parseDrvName x.name).version;
  nameFromURL = url: separator: builtins.head (splitString separator (lib.lists.last (splitString "/" url)));
  enableFeature = flag: feature: "--${if flag then "enable" else "disable"}-${feature}";
  withFeature = flag: feature: "--${if flag then "with" else "without"}-${feature}";
  fileContents = file: removeSuffix "\n" (builtins.readFile file);
  readPathsFromFile = root: file: map (line: root + "/${line}") (builtins.filter (line: line != "") (splitString "\n" (builtins.readFile file)));
}
