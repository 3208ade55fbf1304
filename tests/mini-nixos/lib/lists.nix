{ lib }:
rec {
  inherit (builtins)
    all any concatLists concatMap elem elemAt filter foldl' genList groupBy head isList length map partition sort tail;

  singleton = x: [ x ];
  forEach = list: f: map f list;
  foldr = op: nul: list:
    let
      n = length list;
      go = i: if i == n then nul else op (elemAt list i) (go (i + 1));
    in go 0;
  fold = foldr;
  foldl = foldl';
  imap0 = f: list: genList (i: f i (elemAt list i)) (length list);
  imap1 = f: list: genList (i: f (i + 1) (elemAt list i)) (length list);
  ifilter0 = keep: list: map (each: each.value) (filter (each: keep each.i each.value) (imap0 (i: value: { inherit i value; }) list));
  concatImap = f: list: concatLists (imap1 f list);
  flatten = x: if isList x then concatMap flatten x else [ x ];
  remove = e: filter (x: x != e);
  findSingle = keep: default: multiple: list:
    let found = filter keep list;
    in if found == [ ] then default else if length found > 1 then multiple else head found;
  findFirst = keep: default: list: let found = filter keep list; in if found == [ ] then default else head found;
  findFirstIndex = keep: default: list:
    findFirst (i: keep (elemAt list i)) default (range 0 (length list - 1));
  count = keep: foldl' (n: x: if keep x then n + 1 else n) 0;
  optional = condition: x: if condition then [ x ] else [ ];
  optionals = condition: list: if condition then list else [ ];
  toList = x: if isList x then x else [ x ];
  range = from: to: if from > to then [ ] else genList (n: from + n) (to - from + 1);
  replicate = n: x: genList (_: x) n;
  reverseList = list: let n = length list; in genList (i: elemAt list (n - i - 1)) n;
  sortOn = f: list: map (each: each.value) (sort (a: b: a.by < b.by) (map (value: { inherit value; by = f value; }) list));
  naturalSort = sort (a: b: builtins.compareVersions a b < 0);
  take = n: sublist 0 n;
  takeEnd = n: list: drop (lib.trivial.max 0 (length list - n)) list;
  drop = n: list: sublist n (length list) list;
  dropEnd = n: list: take (length list - n) list;
  sublist = start: n: list:
    let total = length list;
    in genList (i: elemAt list (start + i)) (if start >= total then 0 else if start + n > total then total - start else n);
  hasPrefix = prefix: list: take (length prefix) list == prefix;
  last = list: if list == [ ] then throw "lists.last: list must not be empty!" else elemAt list (length list - 1);
  init = list: if list == [ ] then throw "lists.init: list must not be empty!" else take (length list - 1) list;
  zipListsWith = f: a: b: genList (i: f (elemAt a i) (elemAt b i)) (lib.trivial.min (length a) (length b));
  zipLists = zipListsWith (fst: snd: { inherit fst snd; });
  crossLists = f: foldl' (fs: args: concatMap (f: map f args) fs) [ f ];
  unique = foldl' (seen: x: if elem x seen then seen else seen ++ [ x ]) [ ];
  allUnique = list: length (unique list) == length list;
  intersectLists = e: filter (x: elem x e);
  subtractLists = e: filter (x: !(elem x e));
  mutuallyExclusive = a: b: !(any (x: elem x a) b);
  groupBy' = op: nul: by: list: builtins.mapAttrs (_: foldl' op nul) (groupBy by list);

  # Sorts so that nothing comes before what it needs; the elements of a cycle keep their order and are told apart.
  toposort = before: list:
    let
      ready = filter (x: !(any (other: other != x && before other x) list)) list;
      rest = filter (x: !(elem x ready)) list;
      deeper = toposort before rest;
    in
    if list == [ ] then { result = [ ]; }
    else if ready == [ ] then { cycle = list; loops = list; }
    else if deeper ? result then { result = ready ++ deeper.result; }
    else deeper;
}
