import type { CallExpression, Node } from "ts-morph";

/** What a call that Firn knows gives of its arguments. */
export interface Wrapper {
  readonly args: readonly Node[];
  /** Whether the parts are the elements of the one argument. */
  readonly list: boolean;
  /** `override`: where two parts have a name, the later one has it. */
  readonly how: "alternatives" | "merge" | "override";
}

/** Functions that give one of their arguments, by the arguments' indices. */
const CONTENT: Readonly<Record<string, readonly number[]>> = {
  "lib.mkAfter": [0],
  "lib.mkBefore": [0],
  "lib.mkDefault": [0],
  "lib.mkForce": [0],
  "lib.mkIf": [1],
  "lib.mkImageMediaOverride": [0],
  "lib.mkOptionDefault": [0],
  "lib.mkOrder": [1],
  "lib.mkOverride": [1],
  "lib.mkVMOverride": [0],
  "lib.optionalAttrs": [1],
  "lib.optionals": [1],
  "lib.optionalString": [1],
  "op.ifElse": [1, 2],
  "pulumi.output": [0],
  structuredClone: [0],
  "Object.freeze": [0],
};

/** Functions all of whose arguments are parts of the result. */
const PARTS: Readonly<Record<string, Wrapper["how"]>> = {
  "lib.recursiveUpdate": "merge",
  "op.concat": "merge",
  "op.merge": "override",
  "Object.assign": "override",
};

/** What is known of a call, by the name that the program uses for the function. */
export function wrapperOf(call: CallExpression): Wrapper | undefined {
  const name = call.getExpression().getText();
  const args = call.getArguments();
  if (name === "lib.mkMerge") return { args, list: true, how: "merge" };
  if (Object.hasOwn(PARTS, name)) return { args, list: false, how: PARTS[name] ?? "merge" };
  if (!Object.hasOwn(CONTENT, name)) return undefined;
  return {
    args: (CONTENT[name] ?? []).flatMap((index) => args[index] ?? []),
    list: false,
    how: "alternatives",
  };
}
