import { ApiError } from "./api-error.js";
import { type Cloud, kindOf, type Stored } from "./cloud.js";
import { answer } from "./faults.js";
import type { Kind, Made } from "./kind.js";
import {
  changes,
  missingOutputs,
  type Properties,
  type Refusal,
  refusals,
  type Schema,
  UNKNOWN,
} from "./schema.js";

/** How a cloud says that a name is taken, and that a quota is used up. */
export interface Words {
  taken(kind: string, property: string): ApiError;
  quota(kind: string): ApiError;
}

/** A function of the provider, which only looks something up. @throws {@link ApiError} */
export type ProviderFunction = (cloud: Cloud, args: Properties) => Properties;

/** A resource exists, and what came after its creation failed. */
export class Unfinished extends Error {
  constructor(
    readonly stored: Stored,
    cause: Error,
  ) {
    super(cause.message, { cause });
  }
}

/** The life of every resource of a cloud. */
export class Account {
  /** Inputs of what is being made at this moment, by kind. */
  private readonly making: { readonly kind: string; readonly inputs: Properties }[] = [];

  constructor(
    readonly cloud: Cloud,
    readonly schema: Schema,
    private readonly kinds: Readonly<Record<string, Kind>>,
    private readonly words: Words,
    private readonly functions: Readonly<Record<string, ProviderFunction>> = {},
  ) {}

  /** The answer of a function of the provider, such as `aws:ec2/getAmi:getAmi`. */
  invoke(token: string, args: Properties): Properties {
    const own = this.functions[kindOf(token)];
    if (!own) throw new ApiError(501, `the stand-in for ${this.cloud.name} has no ${token}`);
    return own(this.cloud, args);
  }

  check(type: string, inputs: Properties): Refusal[] {
    const own = this.kinds[kindOf(type)];
    if (!own) return [{ property: "", reason: `the stand-in for ${this.cloud.name} has no ${type}` }];
    const known = knownPart(inputs) as Properties;
    const bySchema = refusals(this.schema, type, inputs);
    return bySchema.length > 0 ? bySchema : (own.check?.(known) ?? []);
  }

  diff(type: string, olds: Properties, news: Properties) {
    const { changed, replacing } = changes(this.schema, type, olds, news);
    const further = this.kind(type).replaces?.(olds, news) ?? [];
    const replaces = [...new Set([...replacing, ...further])];
    // Two of the same given name cannot exist: the real provider deletes the old one first.
    const sameName = olds.name !== undefined && olds.name === news.name;
    return { changed: [...new Set([...changed, ...further])], replaces, deleteBeforeReplace: sameName };
  }

  async create(type: string, inputs: Properties): Promise<Stored> {
    const kind = kindOf(type);
    await this.request(`create ${kind}`, inputs);
    this.refuseTaken(kind, inputs);
    const limit = this.cloud.faults.quota?.[kind];
    if (limit !== undefined && this.all(kind).length >= limit) throw this.words.quota(kind);
    const entry = { kind, inputs };
    this.making.push(entry);
    try {
      const number = String(this.cloud.nextNumber());
      const made = (await this.kind(type).create?.(this.cloud, inputs, number)) ?? {};
      const stored = this.keep(
        { type, id: made.id ?? number, inputs, outputs: {}, hidden: {} },
        inputs,
        made,
      );
      await answer(this.cloud, `create ${kind}`, true).catch((error: Error) => {
        throw new Unfinished(stored, error);
      });
      return stored;
    } finally {
      this.making.splice(this.making.indexOf(entry), 1);
    }
  }

  async read(type: string, id: string): Promise<Stored | undefined> {
    const stored = this.cloud.get(kindOf(type), id);
    if (!stored) return undefined;
    await this.request(`read ${kindOf(type)}`, stored.inputs);
    return { ...stored, outputs: { ...stored.outputs, ...this.kind(type).read?.(this.cloud, stored) } };
  }

  async update(type: string, id: string, inputs: Properties): Promise<Stored> {
    const kind = kindOf(type);
    await this.request(`update ${kind}`, inputs);
    const old = this.cloud.require(kind, id);
    this.refuseTaken(kind, inputs, id);
    const made = (await this.kind(type).update?.(this.cloud, old, inputs)) ?? {};
    // What the update itself has noted meanwhile counts.
    return this.keep(this.cloud.require(kind, id), inputs, made);
  }

  async delete(type: string, id: string): Promise<void> {
    const kind = kindOf(type);
    const stored = this.cloud.get(kind, id);
    if (!stored) return;
    await this.request(`delete ${kind}`, stored.inputs);
    await this.kind(type).delete?.(this.cloud, stored);
    this.cloud.remove(kind, id);
  }

  /** Somebody deletes a resource behind Pulumi's back. */
  async lose({ type, id }: Stored): Promise<void> {
    const kind = kindOf(type);
    await this.kind(type).delete?.(this.cloud, this.cloud.require(kind, id));
    this.cloud.remove(kind, id);
  }

  private kind(type: string): Kind {
    return this.kinds[kindOf(type)] ?? {};
  }

  private async request(what: string, inputs: Properties): Promise<void> {
    this.cloud.note([what, inputs.name ?? ""].join(" ").trimEnd());
    await answer(this.cloud, what, false);
  }

  /** What there is of a kind and what is about to be. */
  private all(kind: string): { readonly id?: string; readonly inputs: Properties }[] {
    return [...this.cloud.list(kind), ...this.making.filter((each) => each.kind === kind)];
  }

  private refuseTaken(kind: string, inputs: Properties, own?: string): void {
    const unique = this.kinds[kind]?.unique;
    if (unique === undefined) return;
    const other = this.all(kind).find((each) => each.id !== own && each.inputs[unique] === inputs[unique]);
    if (other) throw this.words.taken(kind, unique);
  }

  private keep(old: Stored, inputs: Properties, made: Made): Stored {
    const stored = {
      ...old,
      inputs,
      outputs: { ...old.outputs, ...inputs, ...made.outputs },
      hidden: { ...old.hidden, ...made.hidden },
    };
    const missing = missingOutputs(this.schema, old.type, stored.outputs);
    // The engine would take it, and programs would see `undefined`.
    if (missing.length > 0) throw new ApiError(500, `the stand-in's ${old.type} lacks ${missing.join(", ")}`);
    this.cloud.put(stored);
    return stored;
  }
}

/** Inputs without what a preview does not know yet, however deep. */
function knownPart(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((each) => each !== UNKNOWN).map(knownPart);
  if (typeof value !== "object" || value === null) return value;
  const known = Object.entries(value).filter(([, each]) => each !== UNKNOWN);
  return Object.fromEntries(known.map(([name, each]) => [name, knownPart(each)]));
}
