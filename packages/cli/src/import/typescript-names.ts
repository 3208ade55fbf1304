/** Names that the program has already, and words that no variable may be called by. */
const TAKEN = [
  ..."builtins config lib machine modulesPath nix nodes options path pkgs str MachineArgs".split(" "),
  ..."arguments await break case catch class const continue debugger default delete do else enum eval export extends".split(
    " ",
  ),
  ..."false finally for function if implements import in instanceof interface let new null package private protected".split(
    " ",
  ),
  ..."public return static super switch this throw true try typeof undefined var void while with yield".split(
    " ",
  ),
];

/** A TypeScript name for each name of Nix, as like it as can be. */
export function typescriptNames(names: readonly string[]): Map<string, string> {
  const taken = new Set(TAKEN);
  return new Map(
    names.map((name) => {
      const base = name
        .replace(/-+([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase())
        .replace(/[^\w]/g, "_");
      let found = base;
      for (let number = 2; taken.has(found); number++) found = `${base}${number}`;
      taken.add(found);
      return [name, found];
    }),
  );
}
