import { NixMisuseError, refined } from "./errors.js";
import { EXPRESSION, type Expression, type Node, nodeOf } from "./expression.js";
import type { NixProxy } from "./proxy-types.js";
import { showExpression } from "./show.js";
import { traceArgument } from "./trace.js";

/** Makes an expression of a node. */
export function toProxy(node: Node): NixProxy {
  // The target is an arrow function: callable, and without a property that the traps would have to report.
  const target = Object.defineProperty(() => {}, Symbol.for("nodejs.util.inspect.custom"), {
    configurable: true, // as the traps do not report it
    value: () => showExpression(node),
  });
  return new Proxy(target, new ExpressionTraps(node)) as unknown as NixProxy;
}

/** Methods that JavaScript itself calls to make a string or a number of an object. */
const CONVERSIONS = new Set(["toString", "valueOf", "toLocaleString"]);

class ExpressionTraps implements ProxyHandler<() => void> {
  constructor(private readonly node: Node) {}

  get(_target: unknown, key: string | symbol): unknown {
    if (key === EXPRESSION) return this.node;
    if (key === Symbol.toPrimitive) return () => this.refuse("used as a JavaScript string or number");
    if (key === Symbol.iterator || key === Symbol.asyncIterator)
      return () => this.refuse("spread or looped over", "Only Nix knows its elements");
    if (typeof key === "symbol") return undefined;
    // `await` asks every value for `then`.
    if (key === "then") return undefined;
    return toProxy({ kind: "select", base: toProxy(this.node), attribute: key });
  }

  apply(_target: unknown, _self: unknown, args: unknown[]): unknown {
    const { node } = this;
    if (node.kind === "select") {
      const base = new ExpressionTraps(nodeOf(node.base as Expression));
      if (CONVERSIONS.has(node.attribute) && args.length === 0)
        base.refuse("used as a JavaScript string or number");
      if (node.attribute === "toJSON" && args.length === 1 && typeof args[0] === "string")
        base.refuse(
          "given to JSON.stringify",
          "Its value is known to Nix alone; to make JSON in Nix, write nix`builtins.toJSON …`",
        );
    }
    if (args.length === 0)
      throw refined(
        new NixMisuseError(
          `${showExpression(node)} was called without an argument: a Nix function takes one.`,
        ),
      );
    return toProxy({ kind: "apply", fn: toProxy(node), args: args.map(traceArgument) });
  }

  has(_target: unknown, key: string | symbol): boolean {
    if (typeof key === "symbol") return key === EXPRESSION;
    return this.refuse("searched with `in`", "Only Nix knows its attributes; ask with nix`config ? name`");
  }

  ownKeys(): never {
    return this.refuse(
      "enumerated, copied or spread",
      "Only Nix knows its attributes; to add some, use op.merge(a, b)",
    );
  }

  getOwnPropertyDescriptor(_target: unknown, key: string | symbol): undefined {
    return typeof key === "symbol" ? undefined : this.refuse("asked for its own properties");
  }

  set(): never {
    return this.refuse("assigned to", "Nix values do not change; to override attributes, use op.merge(a, b)");
  }

  defineProperty(): never {
    return this.set();
  }

  deleteProperty(): never {
    return this.set();
  }

  /** Libraries ask every value for its class, so this answers instead of refusing: of none. */
  getPrototypeOf(): null {
    return null;
  }

  private refuse(
    use: string,
    advice = "Its value is known to Nix alone; to build text with it, put it into str`…`",
  ): never {
    throw refined(
      new NixMisuseError(`The Nix expression ${showExpression(this.node)} was ${use}. ${advice}.`),
    );
  }
}
