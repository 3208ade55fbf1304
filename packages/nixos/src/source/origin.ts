import type { Node } from "ts-morph";
import type { SourceLocation } from "../location.js";
import { isFunction } from "./functions.js";
import { literalValue, unwrap } from "./names.js";
import { type Environment, NOWHERE, type Path, type Place, type Selected } from "./place.js";
import type { Call, Program } from "./program.js";
import { Selector } from "./select.js";

/** A value whose place in the program is asked for. */
export interface Sought {
  /** Where the machine or network was declared, with the calls that led there. */
  readonly declared: SourceLocation;
  /** Name of the machine; undefined for what its network declares. */
  readonly machine: string | undefined;
  /** From the arguments of the machine or network: `["config", "services", …]`. */
  readonly path: Path;
  /** What the value was when the program ran, where it was plain; several where several definitions are merged. */
  readonly values?: readonly unknown[];
  /** Whether the last name of the path is sought, and not its value. Default false. */
  readonly isName?: boolean;
}

/** Where a value was written; empty where the source does not tell for sure. */
export function originsOf(program: Program, sought: Sought): SourceLocation[] {
  return new Origins(program, sought).find();
}

class Origins {
  private readonly selector: Selector;

  constructor(
    private readonly program: Program,
    private readonly sought: Sought,
  ) {
    this.selector = new Selector(program.morph, sought.machine ?? "");
  }

  find(): SourceLocation[] {
    const { declared, path } = this.sought;
    const call = this.declaringCall();
    const args = call?.getArguments()[1];
    if (!call || !args) return [];
    const env = this.environment(call, declared.callers?.() ?? []);
    const found = this.selector.select({ node: args, env }, path).flatMap((selected) =>
      this.nodesOf(selected).map((node) => ({
        node,
        sure: selected.sure,
      })),
    );
    const sure = found.filter((each) => each.sure);
    const nodes = (sure.length > 0 ? sure : found.length === 1 ? found : []).map((each) => each.node);
    const locations = nodes.map((node) => ({
      file: node.getSourceFile().getFilePath() as string,
      line: node.getStartLineNumber(),
    }));
    const seen = new Set<string>();
    return locations.filter(({ file, line }) => !seen.has(`${file}:${line}`) && seen.add(`${file}:${line}`));
  }

  private nodesOf({ complete, place }: Selected): Node[] {
    if (!complete) return [place.node];
    if (!this.sought.isName) return this.written(place);
    const property = place.node.getParent();
    return [this.program.morph.Node.isPropertyAssignment(property) ? property.getNameNode() : place.node];
  }

  /** The call that declares the machine or network. */
  private declaringCall(): Call | undefined {
    const { declared } = this.sought;
    const calls = this.program.callsAt(declared).filter((call) => this.declares(call));
    if (calls.length > 0) return calls[0];
    // Some loaders tell lines of the JavaScript that they made: the name still finds the call.
    const { SyntaxKind } = this.program.morph;
    const named = (
      this.program.file(declared.file)?.getDescendantsOfKind(SyntaxKind.CallExpression) ?? []
    ).filter((call) => this.declares(call) && this.nameIn(call) !== undefined);
    return named.length === 1 ? named[0] : undefined;
  }

  private declares(call: Call): boolean {
    const { Node } = this.program.morph;
    const { machine } = this.sought;
    if (machine === undefined)
      return Node.isNewExpression(call) || Node.isSuperExpression(call.getExpression());
    const callee = call.getExpression();
    if (!Node.isPropertyAccessExpression(callee) || callee.getName() !== "machine") return false;
    const name = this.nameIn(call);
    return name === undefined || name === machine;
  }

  private nameIn(call: Call): unknown {
    const [name] = call.getArguments();
    return name && literalValue(name, this.program.morph)?.value;
  }

  /** What the parameters of the functions around a call stand for, as the calls that led there say. */
  private environment(call: Node, callers: readonly SourceLocation[]): Environment {
    const fn = call.getFirstAncestor((node) => isFunction(node, this.program.morph));
    const [caller, ...others] = callers;
    if (!fn || !caller) return NOWHERE;
    for (const outer of this.program.callsAt(caller)) {
      const env = this.environment(outer, others);
      const callee = { node: unwrap(outer.getExpression(), this.program.morph), env };
      const called = this.selector.functions.called(callee)?.find((each) => each.node === fn);
      if (called) return this.selector.functions.bind(called, outer.getArguments(), env).env;
    }
    return NOWHERE;
  }

  /** The expressions that wrote a value; none where the value that they write is another one. */
  private written(place: Place): Node[] {
    const node = unwrap(place.node, this.program.morph);
    const here = { node, env: place.env };
    const literal = literalValue(node, this.program.morph);
    if (literal) return this.fits(literal.value) ? [node] : [];
    const branches = this.selector.branches(node)?.map((branch) => ({ node: branch, env: place.env }));
    if (branches) return this.oneOf(node, branches);
    const wrapper = this.selector.parts(here);
    if (wrapper?.how === "merge") return wrapper.parts.flatMap((part) => this.written(part));
    if (wrapper) return this.oneOf(node, wrapper.parts);
    const results = this.selector.functions.results(here);
    // What a function makes of who knows what is better told by its call.
    if (results) {
      const written = this.oneOf(node, results);
      return written.every((each) => literalValue(each, this.program.morph)) ? written : [node];
    }
    const followed = this.selector.follow(here)?.filter((each) => each.node !== node);
    if (!followed || followed.length === 0) return [node];
    if (followed.some((each) => isFunction(each.node, this.program.morph))) return [node];
    return this.oneOf(node, followed);
  }

  /** The one expression of several that fits; else the whole. */
  private oneOf(whole: Node, places: readonly Place[]): Node[] {
    const written = places.flatMap((place) => this.written(place));
    return written.length > 1 ? [whole] : written;
  }

  private fits(value: unknown): boolean {
    const values = this.sought.values ?? [];
    const plain = values.every((each) => each === null || /^(string|number|boolean)$/.test(typeof each));
    return values.length === 0 || !plain || values.includes(value);
  }
}
