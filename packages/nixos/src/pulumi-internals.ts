import * as pulumi from "@pulumi/pulumi";

/** Everything that Pulumi knows about an output, unknown parts included. */
export interface Inspected {
  /** The value; unknown parts are markers for which `pulumi.isUnknown` holds. */
  readonly value: unknown;
  readonly secret: boolean;
  /** Resources that the value comes from. */
  readonly resources: readonly pulumi.Resource[];
}

/** Members of `Output` that Pulumi's own SDK relies on and keeps, but leaves out of its declarations. */
interface OutputMembers {
  promise(withUnknowns: boolean): Promise<unknown>;
  readonly isKnown: Promise<boolean>;
  readonly isSecret: Promise<boolean>;
  allResources?(): Promise<Set<pulumi.Resource>>;
  resources(): Set<pulumi.Resource>;
}

/** Waits for an output (or promise) and tells all of it; the one place that uses Pulumi's undeclared members. */
export async function inspect(input: unknown): Promise<Inspected> {
  const output = (pulumi.Output.isInstance(input) ? input : pulumi.output(input)) as unknown as OutputMembers;
  const [value, known, secret, resources] = await Promise.all([
    output.promise(true),
    output.isKnown,
    output.isSecret,
    output.allResources ? output.allResources() : output.resources(),
  ]);
  return {
    value: known || containsUnknown(value) ? value : pulumi.unknown,
    secret,
    resources: [...resources],
  };
}

/** As `output.apply`, but in previews also for an output that is not known yet; the result keeps its resources. */
export function applyWithUnknowns<T, U>(
  output: pulumi.Output<T>,
  func: (value: T) => Promise<pulumi.Input<U>>,
): pulumi.Output<U> {
  const apply = output.apply as unknown as (func: unknown, withUnknowns: boolean) => pulumi.Output<U>;
  return apply.call(output, func, true);
}

/** Whether a value is, as far as can be told without waiting, made from what a resource puts out. */
export function comesFromResources(input: unknown): boolean {
  return pulumi.Output.isInstance(input) && (input as unknown as OutputMembers).resources().size > 0;
}

function containsUnknown(value: unknown): boolean {
  if (pulumi.isUnknown(value)) return true;
  if (Array.isArray(value)) return value.some(containsUnknown);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return false;
  return Object.values(value).some(containsUnknown);
}
