import type * as pulumi from "@pulumi/pulumi";

/**
 * The way to a raw resource of a target: arguments that are put over those that the target gives it, or a function
 * that edits its arguments and options in place.
 *
 * @example transform: { server: { backups: true }, volume: (_args, opts) => { opts.protect = true; } }
 */
export type Transform<Args> =
  | Partial<Args>
  | ((
      args: { -readonly [K in keyof Args]: Args[K] },
      opts: pulumi.CustomResourceOptions,
      name: string,
    ) => void);

/** Arguments of a resource's constructor, after the user's transform. */
export function transformed<Args extends object>(
  transform: Transform<Args> | undefined,
  name: string,
  args: Args,
  opts: pulumi.CustomResourceOptions,
): [name: string, args: Args, opts: pulumi.CustomResourceOptions] {
  const [ownArgs, ownOpts] = [{ ...args }, { ...opts }];
  if (typeof transform === "function") transform(ownArgs, ownOpts, name);
  else Object.assign(ownArgs, transform);
  return [name, ownArgs, ownOpts];
}
