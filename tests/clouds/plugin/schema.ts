import { isDeepStrictEqual } from "node:util";

/** The part of Pulumi's package schema (developer.pulumi.com, "Package schema") that a stand-in goes by. */
export interface Schema {
  readonly name: string;
  readonly resources: Readonly<Record<string, ResourceSchema>>;
  readonly types: Readonly<Record<string, TypeSchema>>;
}

export interface ResourceSchema {
  readonly inputProperties: Readonly<Record<string, PropertySchema>>;
  readonly requiredInputs?: readonly string[];
  /** Outputs that are always there. */
  readonly required: readonly string[];
}

export interface PropertySchema {
  readonly type?: string;
  readonly $ref?: string;
  readonly items?: PropertySchema;
  readonly additionalProperties?: PropertySchema;
  readonly oneOf?: readonly PropertySchema[];
  readonly willReplaceOnChanges?: boolean;
}

export interface TypeSchema {
  readonly properties?: Readonly<Record<string, PropertySchema>>;
  readonly required?: readonly string[];
  readonly enum?: readonly { readonly value: unknown }[];
}

/** What stands in a preview for a value that is not known yet; the same in every version of Pulumi. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export type Properties = Readonly<Record<string, unknown>>;

/** A property and why it is refused. */
export interface Refusal {
  readonly property: string;
  readonly reason: string;
}

/** What the schema refuses of a resource's inputs; what is not known yet is taken. */
export function refusals(schema: Schema, type: string, inputs: Properties): Refusal[] {
  const resource = schema.resources[type];
  if (!resource) return [{ property: "", reason: `the stand-in for ${schema.name} has no ${type}` }];
  return objectRefusals(
    schema,
    "",
    { properties: resource.inputProperties, required: resource.requiredInputs },
    inputs,
  );
}

/** What the schema says is always put out, and is not. */
export function missingOutputs(schema: Schema, type: string, outputs: Properties): string[] {
  return (schema.resources[type]?.required ?? []).filter((name) => outputs[name] === undefined);
}

/** Names of inputs that differ, and those of them that make another resource. */
export function changes(schema: Schema, type: string, olds: Properties, news: Properties) {
  const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter(
    (name) => !name.startsWith("__") && !isDeepStrictEqual(olds[name], news[name]),
  );
  const properties = schema.resources[type]?.inputProperties ?? {};
  return {
    changed: names,
    replacing: names.filter((name) => properties[name]?.willReplaceOnChanges === true),
  };
}

function objectRefusals(
  schema: Schema,
  path: string,
  type: { readonly properties?: TypeSchema["properties"]; readonly required?: readonly string[] | undefined },
  value: Properties,
): Refusal[] {
  const at = (name: string) => (path === "" ? name : `${path}.${name}`);
  const known = type.properties ?? {};
  const missing = (type.required ?? []).filter((name) => value[name] === undefined || value[name] === null);
  return [
    ...missing.map((name) => ({ property: at(name), reason: "Missing required property" })),
    ...Object.entries(value).flatMap(([name, each]) => {
      if (name.startsWith("__")) return [];
      const property = known[name];
      if (!property)
        return [
          { property: at(name), reason: `unknown property; known are ${Object.keys(known).join(", ")}` },
        ];
      return valueRefusals(schema, at(name), property, each);
    }),
  ];
}

function valueRefusals(schema: Schema, path: string, type: PropertySchema, value: unknown): Refusal[] {
  if (value === UNKNOWN || value === undefined || value === null) return [];
  if (type.oneOf) {
    const each = type.oneOf.map((one) => valueRefusals(schema, path, one, value));
    return each.some((list) => list.length === 0) ? [] : (each[0] ?? []);
  }
  if (type.$ref?.startsWith("#/types/"))
    return namedRefusals(schema, path, type.$ref.slice("#/types/".length), value);
  const wrong = [{ property: path, reason: `must be ${type.type}, and is ${JSON.stringify(value)}` }];
  switch (type.type) {
    case "integer":
      return Number.isInteger(value) ? [] : wrong;
    case "array":
      if (!Array.isArray(value)) return wrong;
      return value.flatMap((each, index) =>
        valueRefusals(schema, `${path}[${index}]`, type.items ?? {}, each),
      );
    case "object":
      if (typeof value !== "object") return wrong;
      return Object.entries(value).flatMap(([name, each]) =>
        valueRefusals(schema, `${path}.${name}`, type.additionalProperties ?? {}, each),
      );
    case undefined:
      return [];
    default:
      return typeof value === type.type ? [] : wrong;
  }
}

function namedRefusals(schema: Schema, path: string, name: string, value: unknown): Refusal[] {
  const type = schema.types[name];
  if (!type) throw new Error(`the schema of ${schema.name} refers to ${name}, which it has not`);
  if (type.enum) {
    const values = type.enum.map((each) => each.value);
    return values.includes(value) ? [] : [{ property: path, reason: `must be one of ${values.join(", ")}` }];
  }
  if (typeof value !== "object" || value === null) return [{ property: path, reason: `must be ${name}` }];
  return objectRefusals(schema, path, type, value as Properties);
}
