import { lastLines } from "./errors.js";
import type { BuildPlace } from "./realise.js";

/** What a derivation wants of a computer that builds it, and what the one that tried is. */
interface Unmet {
  readonly drvPath: string;
  /** For example `aarch64-linux`. */
  readonly system: string;
  readonly features: readonly string[];
  /** System of the computer that cannot build it. */
  readonly own: string;
}

/** Says why a build failed: the end of each failing derivation's log, or what kind of computer is missing. */
export async function explainBuildFailure(stderr: string, place: BuildPlace): Promise<string> {
  const where = place.name === "this computer" ? "" : ` on ${place.name}`;
  const [unmet] = unmetIn(stderr);
  if (unmet !== undefined)
    return `the build failed${where}: ${explainUnmet(unmet, place)}${builderTrouble(stderr)}`;
  const causes: string[] = [];
  for (const drvPath of failedIn(stderr)) {
    const log = await place.run("nix-store", ["--read-log", drvPath]).catch(() => undefined);
    if (log?.exitCode === 0 && log.stdout.trim() !== "")
      causes.push(`  ${drvPath} failed; the last lines of its log:\n${lastLines(log.stdout, 15)}`);
  }
  const detail = causes.length > 0 ? causes.join("\n") : lastLines(stderr, 15);
  return `the build failed${where}:\n${detail}${builderTrouble(stderr)}`;
}

function failedIn(stderr: string): Set<string> {
  const failures = /builder for '([^']+\.drv)' failed|Cannot build '([^']+\.drv)'/g;
  return new Set([...stderr.matchAll(failures)].map((match) => match[1] ?? match[2] ?? ""));
}

/** Both ways in which Nix says it: in one sentence up to 2.30, in lines later. */
function unmetIn(stderr: string): Unmet[] {
  const sentence =
    /a '([^']+)' with features \{([^}]*)\} is required to build '([^']+)', but I am a '([^']+)'/g;
  const lines =
    /Cannot build '([^']+)'\.\s+Reason: [^\n]*not available\s+Required system: '([^']+)' with features \{([^}]*)\}\s+Current system: '([^']+)'/g;
  const features = (list = "") => list.split(", ").filter((feature) => feature !== "");
  return [
    ...[...stderr.matchAll(sentence)].map(([, system = "", list, drvPath = "", own = ""]) => ({
      ...{ drvPath, system, own },
      features: features(list),
    })),
    ...[...stderr.matchAll(lines)].map(([, drvPath = "", system = "", list, own = ""]) => ({
      ...{ drvPath, system, own },
      features: features(list),
    })),
  ];
}

function explainUnmet({ drvPath, system, features, own }: Unmet, place: BuildPlace): string {
  if (system === own)
    return `${drvPath} wants a builder with the features ${features.join(", ")}, which ${place.name} does not have.
  Add them to system-features in its nix.conf if they are there, or name a builder that has them in \`builders\`.`;
  const onMachine =
    place.name === "this computer" ? `let the machine build it itself (buildOn: "target"), ` : "";
  return `${place.name} is ${own} and cannot build ${drvPath}, which is for ${system}.
  What to do: ${onMachine}name a builder for ${system} in \`builders\` of nix.conf, or emulate one (extra-platforms in nix.conf, on NixOS boot.binfmt.emulatedSystems).`;
}

/** Builders of nix.conf that did not take part, with the reason and what ssh said. */
function builderTrouble(stderr: string): string {
  const builders = [...stderr.matchAll(/^cannot build on '([^']+)': (?:error: )?(.*)$/gm)];
  if (builders.length === 0) return "";
  const ssh =
    /^.*(?:Permission denied \(|Host key verification failed|Connection (?:refused|timed out)|Could not resolve hostname|No route to host).*$/gm;
  const lines = [
    ...builders.map(([, builder, why]) => `${builder}: ${why}`),
    ...[...stderr.matchAll(ssh)].map(([line]) => line.trim()).filter((line) => !line.startsWith("cannot ")),
  ];
  return `\n  Builders that could not be used:\n${[...new Set(lines)].map((line) => `    ${line}`).join("\n")}`;
}
