# Pieces of text that name which others must come before them, as activation scripts do.
{ lib }:
rec {
  textClosureList = pieces: names:
    let
      visit = state: name:
        if state.done ? ${name} then state
        else
          let
            piece = pieces.${name};
            before = builtins.foldl' visit (state // { done = state.done // { ${name} = true; }; }) piece.deps;
          in before // { result = before.result ++ [ piece.text ]; };
    in (builtins.foldl' visit { done = { }; result = [ ]; } names).result;
  textClosureMap = f: pieces: names: builtins.concatStringsSep "\n" (map f (textClosureList pieces names));

  noDepEntry = text: { inherit text; deps = [ ]; };
  fullDepEntry = text: deps: { inherit text deps; };
  packEntry = deps: { inherit deps; text = ""; };
  stringAfter = deps: text: { inherit text deps; };
}
