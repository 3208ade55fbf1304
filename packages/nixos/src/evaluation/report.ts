import { relative } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { FirnError } from "../errors.js";
import { showLocation } from "../location.js";
import type { Machine } from "../machine.js";
import type { Network } from "../network.js";
import { Locator } from "../source/locator.js";
import { confirmFailures } from "./confirm.js";
import type { EvaluationFailure, NixPlace } from "./explain.js";
import { findHome, type Home } from "./home.js";
import type { NetworkEvaluation, NetworkEvaluationRequest } from "./network.js";
import { type Findings, probeFailures } from "./probe.js";
import { renderedOf } from "./rendered.js";
import { UNKNOWN_REASON } from "./unknown.js";

/** Configurations could not be evaluated; each one's error was logged at its machine. */
export class EvaluationError extends FirnError {}

/**
 * Logs each machine's failure at its machine.
 *
 * @param uncertain names of machines whose configurations have unknown values
 * @throws {@link EvaluationError} when there is any
 */
export async function reportFailures(
  evaluation: NetworkEvaluation,
  machines: readonly Machine[],
  network: Network,
  request: NetworkEvaluationRequest,
  uncertain: ReadonlySet<string>,
): Promise<void> {
  if (evaluation.failures.size === 0) return;
  const { root } = network;
  const { directory } = evaluation.prepared;
  const confirmed = await confirmFailures(evaluation, uncertain, request.memory);
  const [certain, doubtful] = [confirmed.certain, confirmed.doubtful].map((failures) =>
    machines.flatMap(({ machineName }) => failures.find((each) => each.machine === machineName) ?? []),
  ) as [EvaluationFailure[], EvaluationFailure[]];
  const machineOf = (failure: EvaluationFailure) =>
    machines.find((machine) => machine.machineName === failure.machine);
  for (const failure of doubtful)
    void pulumi.log.warn(describeDoubt(failure, machineOf(failure), root), machineOf(failure));

  const locator = new Locator(network, machines);
  const files = (machine: string) => renderedOf(machine, request, directory);
  const findings = await probeFailures(certain, evaluation.prepared, files);
  for (const failure of certain) {
    const home = findHome(failure, {
      request,
      directory,
      rendered: files(failure.machine),
      findings: findings.get(failure.machine),
      locate: (each) => locator.locate(each),
    });
    void pulumi.log.error(
      describe(failure, home, findings.get(failure.machine), machineOf(failure), root),
      machineOf(failure),
    );
  }
  if (certain.length === 0) return;
  const names = certain.map((failure) => failure.machine);
  throw new EvaluationError(
    `${names.length === 1 ? "The configuration" : "The configurations"} of ${names.join(", ")} cannot be evaluated; see above.`,
  );
}

/** What cannot be told before provisioning; the value may well be right once it is known. */
function describeDoubt(failure: EvaluationFailure, machine: Machine | undefined, root: string): string {
  const who = `machine "${failure.machine}" (${showLocation(machine?.declared, root)})`;
  const what = failure.option === undefined ? "its configuration" : failure.option;
  if (failure.reason.includes(UNKNOWN_REASON))
    return `${who}: not checked in this preview: ${what} needs a value that is known after provisioning`;
  const [reason = ""] = failure.reason.replaceAll(`${root}/`, "").split("\n");
  return (
    `${who}: not checked in this preview: with what stands for values that are known after provisioning, ${what} fails, ` +
    `but that depends on them: ${reason}`
  );
}

/** More places than these help nobody. */
const MOST_PLACES = 4;

function describe(
  failure: EvaluationFailure,
  home: Home,
  findings: Findings | undefined,
  machine: Machine | undefined,
  root: string,
): string {
  const option = home.option === undefined ? "" : `, option ${home.option}`;
  const show = (place: NixPlace) =>
    place.line === undefined ? shorten(place.file, root) : showLocation({ ...place, line: place.line }, root);
  const own = home.nix.every((place) => !place.file.startsWith(`${root}/.firn/`));
  // An assertion of the program's own is where it was written.
  const asserted = (findings?.assertedIn ?? [])
    .filter((file) => !file.startsWith(`${root}/.firn/`))
    .map((file) => ({ file: file.replace(/^.*\/(?=nixos\/modules\/)/, "") }));
  const list = (places: readonly NixPlace[]) => places.slice(0, MOST_PLACES).map(show).join(", ");
  return [
    `machine "${failure.machine}" (${showLocation(machine?.declared, root)})${option}: its configuration cannot be evaluated`,
    // Nix indents what has several lines; the project's files read better without its directory.
    ...failure.reason.split("\n").map((line) => `  ${line.replaceAll(`${root}/`, "")}`.trimEnd()),
    ...(home.written.length > 0 ? [`  written: ${list(home.written)}`] : []),
    `  ${own ? "module" : "rendered"}: ${list(home.nix)}`,
    ...(asserted.length > 0 ? [`  asserted in: ${list(asserted)}`] : []),
    ...(failure.hint === undefined ? [] : [`  hint: ${failure.hint}`]),
  ].join("\n");
}

function shorten(file: string, root: string): string {
  return file.startsWith(`${root}/`) ? relative(root, file) : file;
}
