import { BuildError } from "./errors.js";
import { explainBuildFailure } from "./explain-build.js";
import { type NixRunOptions, type NixRunResult, runNix } from "./run.js";

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
  /** The builder that does it, such as `ssh-ng://builder`, if it is another computer. */
  readonly on?: string;
}

/** A computer that builds. */
export interface BuildPlace {
  /** For messages: `this computer`, or a machine's name. */
  readonly name: string;
  /** Runs one of Nix's commands there. A non-zero exit code is returned, not thrown. */
  run(
    command: string,
    args: readonly string[],
    options?: Pick<NixRunOptions, "onLine">,
  ): Promise<NixRunResult>;
}

/** The computer that Firn runs on, with whatever builders its nix.conf names. */
export const thisComputer: BuildPlace = { name: "this computer", run: runNix };

/**
 * Builds derivations in one Nix run; one that fails does not stop the others (`--keep-going`).
 *
 * @param options further Nix arguments, such as `--option substitute false`
 * @returns for each request in order, `undefined` or the {@link BuildError} with the failing derivation's last log lines.
 */
export async function realise(
  requests: readonly RealiseRequest[],
  onProgress: (progress: RealiseProgress) => void = () => {},
  place: BuildPlace = thisComputer,
  options: readonly string[] = [],
): Promise<(BuildError | undefined)[]> {
  let built = 0;
  let fetched = 0;
  const drvPaths = [...new Set(requests.map((request) => request.drvPath))];
  const result = await place.run("nix-store", ["--realise", "--keep-going", ...drvPaths, ...options], {
    onLine(line) {
      const match =
        /^(building|copying path) '\/nix\/store\/[a-z0-9]{32}-([^']+?)(?:\.drv)?'(?: on '([^']+)')?/.exec(
          line,
        );
      if (!match) return;
      if (match[1] === "building") built += 1;
      else fetched += 1;
      onProgress({ built, fetched, current: match[2] ?? "", ...(match[3] ? { on: match[3] } : {}) });
    },
  });
  if (result.exitCode === 0) return requests.map(() => undefined);
  const [message, missing] = await Promise.all([
    explainBuildFailure(result.stderr, place),
    place.run("nix-store", [
      "--check-validity",
      "--print-invalid",
      ...requests.map((request) => request.outPath),
    ]),
  ]);
  const invalid = new Set(missing.stdout.split("\n"));
  return requests.map((request) =>
    invalid.has(request.outPath) || missing.exitCode !== 0
      ? new BuildError(message, result.stderr)
      : undefined,
  );
}
