import { relative } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { FirnError } from "../errors.js";
import { showLocation } from "../location.js";
import type { Machine } from "../machine.js";
import type { Network } from "../network.js";
import { Locator } from "../source/locator.js";
import type { EvaluationFailure, NixPlace } from "./explain.js";
import { findHome, type Home } from "./home.js";
import type { NetworkEvaluation, NetworkEvaluationRequest } from "./network.js";
import { probeFailures } from "./probe.js";
import { renderedOf } from "./rendered.js";

/** Configurations could not be evaluated; each one's error was logged at its machine. */
export class EvaluationError extends FirnError {}

/**
 * Logs each machine's failure at its machine.
 *
 * @throws {@link EvaluationError} when there is any
 */
export async function reportFailures(
  { failures, prepared }: NetworkEvaluation,
  machines: readonly Machine[],
  network: Network,
  request: NetworkEvaluationRequest,
): Promise<void> {
  const { root } = network;
  const { directory } = prepared;
  const locator = new Locator(network, machines);
  const files = (machine: string) => renderedOf(machine, request, directory);
  const known = [...failures.values()].filter((failure) => !failure.reason.includes(UNKNOWN));
  const findings = await probeFailures(known, prepared, files);
  for (const machine of machines) {
    const failure = failures.get(machine.machineName);
    if (!failure) continue;
    if (!known.includes(failure)) {
      // Its value may well be right once it is known; nobody can tell before.
      const what = failure.option ?? "an option";
      void pulumi.log.warn(
        `not checked in this preview: ${what} needs a value that is known after provisioning`,
        machine,
      );
      continue;
    }
    const home = await findHome(failure, {
      request,
      directory,
      rendered: files(failure.machine),
      findings: findings.get(failure.machine) ?? {},
      locate: (each) => locator.locate(each),
    });
    void pulumi.log.error(describe(failure, home, machine, root), machine);
  }
  if (known.length === 0) return;
  const names = known.map((failure) => failure.machine);
  throw new EvaluationError(
    `${names.length === 1 ? "The configuration" : "The configurations"} of ${names.join(", ")} cannot be evaluated; see above.`,
  );
}

/** What placeholders say when something looks at them that cannot do with one. */
const UNKNOWN = "firn-unknown";

/** More places than these help nobody. */
const MOST_PLACES = 4;

function describe(failure: EvaluationFailure, home: Home, machine: Machine, root: string): string {
  const option = home.option === undefined ? "" : `, option ${home.option}`;
  const show = (place: NixPlace) =>
    place.line === undefined ? shorten(place.file, root) : showLocation({ ...place, line: place.line }, root);
  const own = home.nix.every((place) => !place.file.startsWith(`${root}/.firn/`));
  const list = (places: readonly NixPlace[]) => places.slice(0, MOST_PLACES).map(show).join(", ");
  return [
    `machine "${failure.machine}" (${showLocation(machine.declared, root)})${option}: its configuration cannot be evaluated`,
    // Nix indents what has several lines; the project's files read better without its directory.
    ...failure.reason.split("\n").map((line) => `  ${line.replaceAll(`${root}/`, "")}`.trimEnd()),
    ...(home.written.length > 0 ? [`  written: ${list(home.written)}`] : []),
    `  ${own ? "module" : "rendered"}: ${list(home.nix)}`,
    ...(failure.hint === undefined ? [] : [`  hint: ${failure.hint}`]),
  ].join("\n");
}

function shorten(file: string, root: string): string {
  return file.startsWith(`${root}/`) ? relative(root, file) : file;
}
