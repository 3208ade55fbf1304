import { existsSync } from "node:fs";
import { BuildError, lastLines } from "./errors.js";
import { runNix } from "./run.js";

export interface RealiseRequest {
  /** `/nix/store/….drv` */
  readonly drvPath: string;
  /** The derivation's `out` path, whose presence tells that it was built. */
  readonly outPath: string;
}

export interface RealiseProgress {
  readonly built: number;
  readonly fetched: number;
  /** Name of the derivation that is being built or the path that is being fetched. */
  readonly current: string;
}

/**
 * Builds derivations in one Nix run; one that fails does not stop the others (`--keep-going`).
 *
 * @returns for each request in order, `undefined` or the {@link BuildError} with the failing derivation's last log lines.
 */
export async function realise(
  requests: readonly RealiseRequest[],
  onProgress: (progress: RealiseProgress) => void = () => {},
): Promise<(BuildError | undefined)[]> {
  let built = 0;
  let fetched = 0;
  const result = await runNix(
    "nix-store",
    ["--realise", "--keep-going", ...new Set(requests.map((request) => request.drvPath))],
    {
      onLine(line) {
        const match = /^(building|copying path) '\/nix\/store\/[a-z0-9]{32}-([^']+?)(\.drv)?'/.exec(line);
        if (!match) return;
        if (match[1] === "building") built += 1;
        else fetched += 1;
        onProgress({ built, fetched, current: match[2] ?? "" });
      },
    },
  );
  if (result.exitCode === 0) return requests.map(() => undefined);
  const failure = await explainFailure(result.stderr);
  return requests.map((request) =>
    existsSync(request.outPath) ? undefined : new BuildError(failure, result.stderr),
  );
}

/** Says which derivations failed and shows the end of each one's log. */
async function explainFailure(stderr: string): Promise<string> {
  const failed = new Set(
    [...stderr.matchAll(/builder for '([^']+\.drv)' failed|Cannot build '([^']+\.drv)'/g)].map(
      (m) => m[1] ?? m[2] ?? "",
    ),
  );
  const causes: string[] = [];
  for (const drv of failed) {
    const log = await runNix("nix-store", ["--read-log", drv]).catch(() => undefined);
    if (log?.exitCode === 0 && log.stdout.trim() !== "")
      causes.push(`  ${drv} failed; the last lines of its log:\n${lastLines(log.stdout, 15)}`);
  }
  const detail = causes.length > 0 ? causes.join("\n") : lastLines(stderr, 15);
  return `the build failed:\n${detail}`;
}
