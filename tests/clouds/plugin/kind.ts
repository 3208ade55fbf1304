import type { Cloud, Stored } from "./cloud.js";
import type { Properties, Refusal } from "./schema.js";

/** What the cloud adds to a resource's inputs. */
export interface Made {
  /** Default: the next number. */
  readonly id?: string;
  readonly outputs?: Properties;
  readonly hidden?: Readonly<Record<string, string>>;
}

/**
 * What one kind of resource does beyond what is the same for all: inputs are checked against the schema, kept, told as
 * outputs, and changed in place or by replacement as the schema says.
 */
export interface Kind {
  /** An input that no two of the kind may share. */
  readonly unique?: string;
  /** What the real provider refuses before it asks the API; unknown inputs are left out. */
  check?(inputs: Properties): Refusal[];
  /** @param id the number that it will have */
  create?(cloud: Cloud, inputs: Properties, id: string): Promise<Made> | Made;
  /** Told before `update`: further inputs that make another resource of it. */
  replaces?(olds: Properties, news: Properties): string[];
  update?(cloud: Cloud, old: Stored, news: Properties): Promise<Made> | Made;
  /** Outputs that change by themselves. */
  read?(cloud: Cloud, stored: Stored): Properties;
  delete?(cloud: Cloud, stored: Stored): Promise<void> | void;
}
