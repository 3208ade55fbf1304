{ lib }:
let
  escape = builtins.fromJSON ''"\u001b"'';
  readTrimmed = file: builtins.head (builtins.match "([^\n]*)\n*" (builtins.readFile file));
in
rec {
  inherit (builtins)
    add addErrorContext attrNames attrValues bitAnd bitOr bitXor deepSeq genericClosure isBool isFloat isInt
    lessThan mul pathExists readFile seq sub toJSON toString trace unsafeGetAttrPos isPath isNull;
  inherit (builtins) fromJSON;

  id = x: x;
  const = x: _: x;
  pipe = builtins.foldl' (x: f: f x);
  concat = x: y: x ++ y;
  or = x: y: x || y;
  and = x: y: x && y;
  xor = x: y: x != y;
  not = x: !x;
  boolToString = b: if b then "true" else "false";
  boolToYesNo = b: if b then "yes" else "no";
  mergeAttrs = x: y: x // y;
  flip = f: a: b: f b a;
  defaultTo = default: value: if value == null then default else value;
  mapNullable = f: value: if value == null then null else f value;
  min = x: y: if x < y then x else y;
  max = x: y: if x > y then x else y;
  mod = base: int: base - (int * (base / int));
  compare = a: b: if a < b then -1 else if a > b then 1 else 0;
  importJSON = path: builtins.fromJSON (builtins.readFile path);
  importTOML = path: builtins.fromTOML (builtins.readFile path);
  inPureEvalMode = !(builtins ? currentSystem);

  release = readTrimmed ./.version;
  oldestSupportedRelease = 2511;
  isInOldestRelease = atLeast: oldestSupportedRelease >= atLeast;
  codeName = "Miniature";
  versionSuffix = ".mini";
  version = release + versionSuffix;
  revisionWithDefault = default: default;
  nixpkgsVersion = version;

  # Nix says warnings itself from 2.23 on.
  warn = builtins.warn or (message: builtins.trace "${escape}[1;35mevaluation warning:${escape}[0m ${message}");
  warnIf = condition: message: if condition then warn message else id;
  warnIfNot = condition: message: if condition then id else warn message;
  warnOnInstantiate = message: drv: drv // { drvPath = warn message drv.drvPath; };
  info = message: builtins.trace "INFO: ${message}";
  showWarnings = warnings: value: builtins.foldl' (result: warning: warn warning result) value warnings;
  throwIf = condition: message: if condition then throw message else id;
  throwIfNot = condition: message: if condition then id else throw message;

  setFunctionArgs = f: args: { __functor = _: f; __functionArgs = args; };
  isFunction = f: builtins.isFunction f || (f ? __functor && isFunction (f.__functor f));
  toFunction = v: if isFunction v then v else _: v;
  functionArgs = f: if f ? __functor then f.__functionArgs or (functionArgs (f.__functor f)) else builtins.functionArgs f;

  toHexString = n:
    let
      digit = d: builtins.substring d 1 "0123456789ABCDEF";
      go = n: (if n >= 16 then go (n / 16) else "") + digit (mod n 16);
    in go n;

  fakeHash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  fakeSha256 = lib.strings.concatStrings (lib.lists.replicate 64 "0");
}
