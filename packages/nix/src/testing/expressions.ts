import fc from "fast-check";
import { fn } from "../fn.js";
import { letIn } from "../let-in.js";
import { op } from "../op.js";
import { nix, str } from "../template.js";

/** A program of which both an expression and its value are known. */
export type Program =
  | { readonly is: "number"; readonly value: number }
  | { readonly is: "variable"; readonly index: number }
  | {
      readonly is: "list" | "concat" | "if" | "code" | "string" | "merge";
      readonly parts: readonly Program[];
    }
  | {
      readonly is: "call" | "let" | "pattern";
      readonly name: string;
      readonly argument: Program;
      readonly body: Program;
    };

/** Programs over few names, so that one hides another all the time. Each evaluates to a list of numbers. */
export const program: fc.Arbitrary<Program> = fc.letrec<{ program: Program }>((tie) => {
  const some = fc.array(tie("program"), { minLength: 1, maxLength: 3 });
  return {
    program: fc.oneof(
      { maxDepth: 5, depthSize: "medium" },
      fc.oneof(
        fc.record({ is: fc.constant("number" as const), value: fc.integer({ min: -9, max: 9 }) }),
        fc.record({ is: fc.constant("variable" as const), index: fc.nat(5) }),
      ),
      fc.record({
        is: fc.constantFrom(
          "list" as const,
          "concat" as const,
          "if" as const,
          "code" as const,
          "string" as const,
          "merge" as const,
        ),
        parts: some,
      }),
      fc.record({
        is: fc.constantFrom("call" as const, "let" as const, "pattern" as const),
        name: fc.constantFrom("x", "y", "x2", "map", "rec", "p"),
        argument: tie("program"),
        body: tie("program"),
      }),
    ),
  };
}).program;

/** The program as an expression of this package; `scope` holds the variables in sight. */
export function toExpression(part: Program, scope: readonly unknown[] = []): unknown {
  const each = "parts" in part ? part.parts.map((child) => toExpression(child, scope)) : [];
  switch (part.is) {
    case "number":
      return [part.value];
    case "variable":
      return scope[part.index % scope.length] ?? [];
    case "list":
      return nix`builtins.concatLists ${each}`;
    case "concat":
      return op.concat(each[0], ...each.slice(1));
    case "if":
      return op.ifElse(op.and(op.not(false), op.eq(each[0], each[0])), each[0], each.at(-1));
    case "code":
      return nix`(x: y: x ++ y ++ ${each[0]}) [ ] ${each.at(-1)}`;
    case "string":
      return nix`builtins.fromJSON ${str`${nix`builtins.toJSON ${each[0]}`}`}`;
    case "merge":
      return op.merge({ a: each[0] }, { b: 1, c: { d: each.at(-1) } }).c.d;
    case "call":
      return fn((variable) => toExpression(part.body, [variable, ...scope]))(
        toExpression(part.argument, scope) as object,
      );
    case "let":
      return letIn({ [part.name]: toExpression(part.argument, scope), unused: scope[0] ?? 1 }, (names) =>
        toExpression(part.body, [names[part.name], ...scope]),
      );
    case "pattern": {
      // The names of patterns are not Firn's to choose, so each is used once.
      const name = `${part.name}_${scope.length}_pattern`;
      const take = fn.attrs({ [name]: fn.required, other: [] }, (names) =>
        toExpression(part.body, [names[name], ...scope]),
      );
      return take({ [name]: toExpression(part.argument, scope) });
    }
  }
}

/** What the program evaluates to. */
export function toValue(part: Program, scope: readonly (readonly number[])[] = []): readonly number[] {
  const each = "parts" in part ? part.parts.map((child) => toValue(child, scope)) : [];
  const [first, last] = [each[0] ?? [], each.at(-1) ?? []];
  switch (part.is) {
    case "number":
      return [part.value];
    case "variable":
      return scope[part.index % scope.length] ?? [];
    case "list":
    case "concat":
      return each.flat();
    case "if":
    case "string":
      return first;
    case "code":
      return [...last, ...first];
    case "merge":
      return last;
    default:
      return toValue(part.body, [toValue(part.argument, scope), ...scope]);
  }
}
