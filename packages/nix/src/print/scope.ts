import { NixValueError } from "../errors.js";
import type { Binder } from "../expression.js";
import { isBuiltin, MODULE_ARGUMENTS } from "../names.js";
import type { Path } from "../option-path.js";
import { isIdentifier } from "./attribute-name.js";

/** Which variable each name means at one place of the text; immutable. */
export class Scope {
  private constructor(
    private readonly nameOf: ReadonlyMap<Binder, string>,
    private readonly meaningOf: ReadonlyMap<string, Binder>,
  ) {}

  static readonly empty = new Scope(new Map(), new Map());

  /** Names the binders, each close to its hint and unlike every name in `avoid` and every name that is visible. */
  withFresh(binders: readonly Binder[], avoid: ReadonlySet<string>): Scope {
    let scope: Scope = this;
    for (const binder of binders) {
      const base = asIdentifier(binder.hint);
      let name = base;
      for (let n = 2; scope.meaningOf.has(name) || avoid.has(name) || isReserved(name); n++)
        name = `${base}${n}`;
      scope = scope.with(binder, name);
    }
    return scope;
  }

  /** Names the binders exactly by their hints, as a pattern does. */
  withExact(binders: readonly Binder[]): Scope {
    let scope: Scope = this;
    for (const binder of binders) scope = scope.with(binder, binder.hint);
    return scope;
  }

  /** The name of a bound variable, which is an error where it means nothing or something else. */
  name(binder: Binder, path: Path): string {
    const name = this.nameOf.get(binder);
    if (name === undefined)
      throw new NixValueError(
        path,
        `the parameter ${binder.hint} of a Nix function, outside of that function`,
        "Use it only in what the function returns.",
      );
    if (this.meaningOf.get(name) !== binder) throw shadowed(name, path);
    return name;
  }

  /** Checks that a name from outside means just that here. */
  checkGlobal(name: string, path: Path): void {
    if (this.meaningOf.has(name)) throw shadowed(name, path);
  }

  private with(binder: Binder, name: string): Scope {
    return new Scope(new Map(this.nameOf).set(binder, name), new Map(this.meaningOf).set(name, binder));
  }
}

function shadowed(name: string, path: Path): NixValueError {
  return new NixValueError(
    path,
    `${name}, which a pattern of fn.attrs hides here`,
    `Bind the outer ${name} to another name with letIn, or rename the pattern's.`,
  );
}

function asIdentifier(hint: string): string {
  if (isIdentifier(hint)) return hint;
  const cleaned = hint.replace(/[^A-Za-z0-9_]+/g, "_");
  return /^[A-Za-z_]/.test(cleaned) && isIdentifier(cleaned) ? cleaned : `_${cleaned}`;
}

function isReserved(name: string): boolean {
  return MODULE_ARGUMENTS.includes(name) || isBuiltin(name);
}
