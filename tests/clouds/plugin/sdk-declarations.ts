import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as typescript from "typescript";
import type { PropertySchema, ResourceSchema, Schema, TypeSchema } from "./schema.js";

/** Loaded when there is something to read only. */
let ts: typeof typescript;

/**
 * Reads a Node SDK that Pulumi generated (`<module>/<kind>.d.ts`, `types/input.d.ts`, `types/enums`).
 *
 * @param directory of the SDK's package
 * @param tokens Pulumi's types: `gcp:compute/instance:Instance`, or `azure-native:compute:VirtualMachine`
 */
export function readDeclarations(directory: string, tokens: readonly string[]): Schema {
  ts ??= createRequire(import.meta.url)("typescript");
  const types = new Types(directory);
  const resources = tokens.map((token) => [token, readResource(directory, token, types)] as const);
  return {
    name: (tokens[0] ?? "").split(":")[0] ?? "",
    resources: Object.fromEntries(resources),
    types: types.read(),
  };
}

function readResource(directory: string, token: string, types: Types): ResourceSchema {
  const [, module = "", kind = ""] = token.split(":");
  const named = module.includes("/") ? module : `${module}/${kind.charAt(0).toLowerCase()}${kind.slice(1)}`;
  // What is in no module of the SDK is in its root.
  const file = named.replace(/^index\//, "");
  const source = parse(join(directory, `${file}.d.ts`));
  const args = source.statements.find(
    (each): each is typescript.InterfaceDeclaration =>
      ts.isInterfaceDeclaration(each) && each.name.text === `${kind}Args`,
  );
  const resource = source.statements.find(
    (each): each is typescript.ClassDeclaration => ts.isClassDeclaration(each) && each.name?.text === kind,
  );
  if (!args || !resource) throw new Error(`${file}.d.ts declares no ${kind} with ${kind}Args`);
  const { properties, required } = types.members(args);
  const outputs = resource.members
    .filter(ts.isPropertyDeclaration)
    .filter(({ type }) => type !== undefined && isOutput(type, source) && !mayBeUndefined(type));
  return {
    inputProperties: properties,
    requiredInputs: required,
    required: outputs.map(({ name }) => name.getText(source)),
  };
}

/** Types that inputs refer to, in the namespaces of `types/input.d.ts` and in `types/enums`. */
class Types {
  private readonly wanted = new Map<string, TypeSchema>();
  private readonly interfaces = new Map<string, typescript.InterfaceDeclaration>();

  constructor(private readonly directory: string) {}

  /** All that are referred to, and those that these refer to. */
  read(): Record<string, TypeSchema> {
    if (this.wanted.size > 0) this.collect("", parse(join(this.directory, "types/input.d.ts")).statements);
    // What is read adds to what is wanted.
    for (const name of this.wanted.keys()) {
      const found = name.startsWith("enums.") ? this.enumeration(name) : this.interfaces.get(name);
      if (!found) throw new Error(`the SDK declares no type ${name}`);
      this.wanted.set(name, "enum" in found ? found : this.members(found as typescript.InterfaceDeclaration));
    }
    return Object.fromEntries(this.wanted);
  }

  members(declaration: typescript.InterfaceDeclaration) {
    const properties = declaration.members
      .filter(ts.isPropertySignature)
      .map(({ name, type, questionToken }) => ({
        name: name.getText(),
        type: this.schemaOf(type),
        isRequired: questionToken === undefined,
      }));
    return {
      properties: Object.fromEntries(properties.map(({ name, type }) => [name, type])),
      required: properties.filter(({ isRequired }) => isRequired).map(({ name }) => name),
    };
  }

  private schemaOf(node: typescript.TypeNode | undefined): PropertySchema {
    if (node === undefined) return {};
    switch (node.kind) {
      case ts.SyntaxKind.StringKeyword:
        return { type: "string" };
      case ts.SyntaxKind.NumberKeyword:
        return { type: "number" };
      case ts.SyntaxKind.BooleanKeyword:
        return { type: "boolean" };
    }
    if (ts.isParenthesizedTypeNode(node)) return this.schemaOf(node.type);
    if (ts.isArrayTypeNode(node)) return { type: "array", items: this.schemaOf(node.elementType) };
    if (ts.isTypeLiteralNode(node)) {
      const [index] = node.members.filter(ts.isIndexSignatureDeclaration);
      return { type: "object", additionalProperties: this.schemaOf(index?.type) };
    }
    if (ts.isUnionTypeNode(node)) {
      const each = node.types
        .filter(({ kind }) => kind !== ts.SyntaxKind.UndefinedKeyword)
        .map((type) => this.schemaOf(type));
      return each.length === 1 ? (each[0] ?? {}) : { oneOf: each };
    }
    return ts.isTypeReferenceNode(node) ? this.referred(node) : {};
  }

  private referred({ typeName, typeArguments }: typescript.TypeReferenceNode): PropertySchema {
    const name = typeName.getText();
    if (name === "pulumi.Input") return this.schemaOf(typeArguments?.[0]);
    const own = name.startsWith("inputs.") ? name.slice("inputs.".length) : name;
    // Anything else is an alias of a string, a resource or an asset, which the engine has turned into another value.
    if (own === name && !name.startsWith("enums.")) return {};
    if (!this.wanted.has(own)) this.wanted.set(own, {});
    return { $ref: `#/types/${own}` };
  }

  private collect(prefix: string, statements: readonly typescript.Statement[]): void {
    for (const each of statements) {
      if (ts.isInterfaceDeclaration(each)) this.interfaces.set(prefix + each.name.text, each);
      else if (ts.isModuleDeclaration(each) && each.body && ts.isModuleBlock(each.body))
        this.collect(`${prefix}${each.name.text}.`, each.body.statements);
    }
  }

  /** Values of `export declare const Tier: { readonly Basic: "Basic" }`. */
  private enumeration(name: string): TypeSchema | undefined {
    const [kind = "", ...path] = name.split(".").slice(1).reverse();
    const file = join(this.directory, "types/enums", ...path.reverse(), "index.d.ts");
    if (!existsSync(file)) return undefined;
    for (const each of parse(file).statements.filter(ts.isVariableStatement)) {
      const declaration = each.declarationList.declarations[0];
      if (declaration?.name.getText() !== kind || !declaration.type) continue;
      const members = ts.isTypeLiteralNode(declaration.type) ? [...declaration.type.members] : [];
      const values = members.filter(ts.isPropertySignature).map(({ type }) => {
        if (!type || !ts.isLiteralTypeNode(type)) return undefined;
        return ts.isStringLiteral(type.literal) ? type.literal.text : Number(type.literal.getText());
      });
      return { enum: values.map((value) => ({ value })) };
    }
    return undefined;
  }
}

function isOutput(type: typescript.TypeNode, source: typescript.SourceFile): boolean {
  return ts.isTypeReferenceNode(type) && type.typeName.getText(source) === "pulumi.Output";
}

function mayBeUndefined(type: typescript.TypeNode): boolean {
  const [inner] = (type as typescript.TypeReferenceNode).typeArguments ?? [];
  return (
    inner !== undefined &&
    ts.isUnionTypeNode(inner) &&
    inner.types.some(({ kind }) => kind === ts.SyntaxKind.UndefinedKeyword)
  );
}

function parse(file: string): typescript.SourceFile {
  return ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
}
