/**
 * What to do about an evaluation error, by Nix' or nixpkgs' words for it; the first that matches is told, with `$1` for what
 * the words name.
 */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /The option .* does not exist/,
    "Check the spelling; the NixOS options are listed at search.nixos.org/options, and `firn types` lets the editor complete them.",
  ],
  [
    /non-Boolean condition|expected a Boolean|is not of type `boolean'/,
    "Give true or false, or an expression that is one, such as config.services.nginx.enable.",
  ],
  [/is not of type/, "Give a value of that type."],
  [
    /conflicting definition values|defined multiple times/,
    "Two places set it: use lib.mkForce(…) for the one that shall win, or lib.mkDefault(…) for the one that shall not.",
  ],
  [/is read-only, but it's set multiple times/, "NixOS sets it by itself: leave it out."],
  [
    /infinite recursion/,
    "A value depends on itself: often `config` used where it decides what is imported or defined.",
  ],
  [
    /used but not defined|was accessed but has no value defined/,
    "Something needs this option: give it a value.",
  ],
  [
    /access to URI .* is forbidden in/,
    "Evaluation fetches only what flake.lock, npins/sources.json or nix/sources.json of the project pin: pin it there.",
  ],
  [
    /attribute '(getFlake|fetchTree)' missing|experimental Nix feature 'flakes' is disabled/,
    'Evaluation has no getFlake and no fetchTree, which read what nobody pins: take the flake\'s output with flake("REFERENCE#OUTPUT"), or pin the source with npins.',
  ],
  [
    /is forbidden in (restricted|pure evaluation) mode/,
    "Evaluation reads only the project and the pinned nixpkgs: move the file into the project.",
  ],
  [
    /has an unfree license/,
    "Allow it: config: { nixpkgs: { config: { allowUnfree: true } } }, or by name with allowUnfreePredicate.",
  ],
  [
    /Package ‘(.*?)’.* is marked as insecure/,
    'Use another version, or allow it: config: { nixpkgs: { config: { permittedInsecurePackages: ["$1"] } } }.',
  ],
  [
    /is marked as broken/,
    "Use another version, another nixpkgs for this machine, or nixpkgs.config.allowBroken.",
  ],
  [
    /is not (available|supported) on/,
    "The machine's `system` is none that the package is made for: use another package.",
  ],
  [/Failed assertions/, "The configuration contradicts itself as the assertion says."],
  [
    /undefined variable/,
    "The name is misspelt, or no argument of the module: what nix`…` uses are pkgs, lib, config, options, nodes, modulesPath and specialArgs.",
  ],
  [/syntax error/, "The text in nix`…` or in the file is not Nix."],
  [
    /cannot coerce/,
    "Only strings, paths, packages and numbers made text with toString can stand in a string.",
  ],
  [
    /(expected|while) a (set|list|string|function|Boolean|integer)|is (a|an) \w+ while (a|an) \w+ was expected|attempt to call something which is not a function/,
    "An expression has another type there than Nix needs.",
  ],
  [
    /called (without required|with unexpected) argument/,
    "The function takes other arguments: see its definition in nixpkgs.",
  ],
  [/attribute .* missing/, "The name is misspelt, or this nixpkgs does not have it."],
];

/** What to do about an evaluation error, if that is known. */
export function hintFor(reason: string): string | undefined {
  for (const [pattern, hint] of HINTS) {
    const match = pattern.exec(reason);
    if (match) return hint.replaceAll("$1", match[1] ?? "");
  }
  return undefined;
}
