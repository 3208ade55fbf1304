import type { Binder } from "./expression.js";
import { toProxy } from "./proxy.js";
import type { NixProxy } from "./proxy-types.js";
import { reference, traceArgument } from "./trace.js";

/**
 * `let … in …`: names values that the body uses more than once.
 *
 * @example letIn({ port: config.services.web.port }, ({ port }) => [port, nix`${port} + 1`])
 */
export function letIn<Names extends string>(
  bindings: { readonly [Name in Names]: unknown },
  body: (names: { readonly [Name in Names]: NixProxy }) => unknown,
): NixProxy {
  const entries = Object.entries(bindings).map(([hint, value]) => ({
    binder: { hint } as Binder,
    value: traceArgument(value),
  }));
  const references = Object.fromEntries(entries.map(({ binder }) => [binder.hint, reference(binder)]));
  const traced = traceArgument(body(references as { readonly [Name in Names]: NixProxy }));
  return toProxy({ kind: "let", bindings: entries, body: traced });
}
