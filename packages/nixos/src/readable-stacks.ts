/**
 * Errors of programs that run with source maps get stack frames such as `node_modules/@pulumi/resource.ts`: the maps
 * of `@pulumi/pulumi` lead one directory too high. Node's inspection of such a stack, which Pulumi uses to report the
 * error, takes half a minute of processor time (measured with Node 20 and 22, @pulumi/pulumi 3.248). With the missing
 * directory it takes none, so it is put back before Pulumi's own handlers run.
 */
export function keepStacksReadable(): void {
  const repair = (error: unknown) => {
    if (error instanceof Error && error.stack)
      error.stack = error.stack.replace(/(node_modules[\\/]@pulumi[\\/])(?=[^\\/\n]*$)/gm, "$1pulumi/");
  };
  process.prependListener("unhandledRejection", repair);
  process.prependListener("uncaughtException", repair);
}
