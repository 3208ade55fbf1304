import type { Host } from "../host.js";
import { readScript } from "../scripts.js";
import { copyClosure } from "./copy.js";
import { LocalStore } from "./local-store.js";
import { putBack } from "./put-back.js";

/**
 * Looks whether a machine really has what its store says that it has of a closure, and sends again what is missing,
 * lost or altered: for when a system does not activate. The machine reads all of the closure's files for it, about
 * 300 MB a second.
 *
 * @returns how many paths were missing, and the ones whose files were put back
 * @throws {@link DiskFullError}, {@link CommandError}, {@link UnreachableError}
 */
export async function repairClosure(
  host: Host,
  paths: readonly string[],
): Promise<{ missing: number; repaired: string[] }> {
  const { paths: missing, repaired } = await copyClosure(host, paths);
  const closure = await LocalStore.use((store) => store.closure(paths));
  const { stdout } = await host.run(["sh", "-c", readScript("verify.sh")], {
    input: closure.map(({ path }) => `${path}\n`).join(""),
    privileged: true,
    title: "verifying store paths",
  });
  const damaged = new Set(stdout.split("\n"));
  const altered = closure.filter(({ path }) => damaged.has(path));
  if (altered.length > 0) await putBack(host, altered);
  return { missing, repaired: [...repaired, ...altered.map(({ path }) => path)] };
}
