# What an evaluation that failed does not tell by itself, found out afterwards. Each probe is for one machine:
#   { kind = "assertions"; }            -> { file; message; } of those that fail
#   { kind = "packages"; file; paths; } -> indices of the paths in a module file whose package is refused
{ nodes, probes }:
let
  attempt = fallback: value:
    let result = builtins.tryEval (builtins.deepSeq value value);
    in if result.success then result.value else fallback;

  definitionsOf = option: option.definitionsWithLocations
    or (builtins.genList (n: { file = builtins.elemAt option.files n; value = builtins.elemAt option.definitions n; }) (builtins.length option.files));

  failedIn = { file, value }: map
    (assertion: { file = toString file; message = attempt "" assertion.message; })
    (builtins.filter (assertion: !(attempt true assertion.assertion)) value);

  # The definitions that conditions, priorities and merges wrap.
  unwrap = value:
    let type = value._type or null;
    in if !(builtins.isAttrs value) then [ value ]
    else if builtins.elem type [ "if" "override" "order" ] then unwrap value.content
    else if type == "merge" then builtins.concatMap unwrap value.contents
    else [ value ];

  valuesAt = path: value: builtins.concatMap
    (inner:
      let name = builtins.head path;
      in if path == [ ] then [ inner ]
      else if builtins.isAttrs inner && builtins.isString name && inner ? ${name} then valuesAt (builtins.tail path) inner.${name}
      else if builtins.isList inner && builtins.isInt name && name < builtins.length inner then valuesAt (builtins.tail path) (builtins.elemAt inner name)
      else [ ])
    (unwrap value);

  # Since nixpkgs 18.03 a package is refused when its derivation is asked for, before that when it is looked at.
  isRefused = path: module:
    let
      refused = value: !(builtins.tryEval
        (if value.type or null == "derivation" then builtins.seq value.drvPath true else builtins.seq value true)).success;
      result = builtins.tryEval (builtins.any refused (valuesAt path module));
    in !result.success || result.value;

  argumentsOf = node:
    let module = node._module or node.config._module;
    in module.args // module.specialArgs or { } // {
      inherit (node) config options pkgs;
      inherit (node.pkgs) lib;
      modulesPath = module.specialArgs.modulesPath or "";
    };

  moduleOf = node: file:
    let module = import file;
    in if builtins.isFunction module then module (builtins.intersectAttrs (builtins.functionArgs module) (argumentsOf node)) else module;

  answers = {
    assertions = node: _: builtins.concatMap failedIn (definitionsOf node.options.assertions);
    packages = node: probe:
      let module = moduleOf node probe.file;
      in builtins.filter
        (index: isRefused (builtins.elemAt probe.paths index) module)
        (builtins.genList (index: index) (builtins.length probe.paths));
  };
in
map (probe: attempt [ ] (answers.${probe.kind} nodes.${probe.machine} probe)) probes
