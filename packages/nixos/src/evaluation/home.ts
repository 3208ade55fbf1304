import { join } from "node:path";
import { type Path, showPath } from "@firn/nix";
import type { SourceLocation } from "../location.js";
import type { EvaluationFailure, NixPlace } from "./explain.js";
import type { NetworkEvaluationRequest } from "./network.js";
import type { Findings } from "./probe.js";
import { isPrefix, type Match, type Rendered, valueAt, valuesOf } from "./rendered.js";
import { parseShownPath } from "./shown-path.js";

/** Where an error comes from, as far as that is known. */
export interface Home {
  /** Option path as Nix writes it. */
  readonly option?: string;
  /** Places in rendered files, or in other modules; at least one. */
  readonly nix: readonly NixPlace[];
  /** Where in the program the values were written. */
  readonly written: readonly SourceLocation[];
}

/** A value in the arguments of a machine or of the network. */
export interface Argument {
  /** Name of the machine; undefined for the network. */
  readonly machine: string | undefined;
  readonly path: Path;
  /** The plain values that it had when the program ran. */
  readonly values: readonly unknown[];
  /** Whether its name is what matters, and not what it is. Default false. */
  readonly isName?: boolean;
}

/** What is known of a machine whose evaluation failed. */
export interface Surroundings {
  readonly request: NetworkEvaluationRequest;
  /** Directory of the rendered files. */
  readonly directory: string;
  readonly rendered: readonly Rendered[];
  readonly findings: Findings | undefined;
  /** Where a value was written; empty where nobody can tell. */
  readonly locate: (argument: Argument) => readonly SourceLocation[];
}

/** Finds the rendered lines and the lines of the program that a failure is about. */
export function findHome(failure: EvaluationFailure, surroundings: Surroundings): Home {
  const { request, directory, rendered } = surroundings;
  const places = ownPlaces(failure, request);
  const { matches, option } = blame(failure, places, surroundings);
  const nix = [
    ...matches.map(({ file, entry }): NixPlace => ({ file: file.path, line: entry.line })),
    ...places.filter((place) => !rendered.some((each) => each.path === place.file)),
  ];
  const fallback = places[0] ?? { file: join(directory, `${failure.machine}.nix`) };
  return {
    ...(option === undefined ? {} : { option }),
    nix: unique(nix.length > 0 ? nix : [fallback]),
    written: writtenAt(matches, /option .* does not exist/i.test(failure.reason), surroundings),
  };
}

/** The values that a failure is about, and the option that has them. */
function blame(
  failure: EvaluationFailure,
  places: readonly NixPlace[],
  { rendered, findings }: Surroundings,
): { matches: readonly Match[]; option: string | undefined } {
  if (findings && findings.blamed.length > 0) {
    const matches = findings.blamed.flatMap(({ file, path }) =>
      rendered.filter((each) => each.path === file).flatMap((each) => valuesOf(path, each)),
    );
    return { matches, option: failure.option ?? optionOf(matches[0]) };
  }
  const mentioned = findings ? mentionedIn(failure.reason, rendered) : [];
  if (mentioned.length > 0) return { matches: mentioned, option: optionOf(mentioned[0]) };
  const path = failure.option === undefined ? undefined : parseShownPath(failure.option);
  const exact = places[0] && valueAt(places[0], rendered);
  if (exact && (!path || isPrefix(path, exact.entry.path) || isPrefix(exact.entry.path, path)))
    return { matches: [exact], option: failure.option ?? optionOf(exact) };
  const named = rendered.filter((each) => places.some((place) => place.file === each.path));
  const matches = path ? (named.length > 0 ? named : rendered).flatMap((each) => valuesOf(path, each)) : [];
  if (matches.length > 0 || !exact) return { matches, option: failure.option };
  // The trace ends in an option of NixOS' own, which asked for this value.
  return { matches: [exact], option: optionOf(exact) };
}

/** An option in the words of an assertion: quoted, or with a dot in it. */
const MENTION = /[`'"‘“]([a-z][\w-]*(?:\.[\w"-]+)*)[^`'"’”]*['"`’”]|\b([a-z][\w-]*(?:\.[\w-]+)+)\b/g;

/** The values that the program gave to the first option that an assertion mentions, or to what has it inside. */
function mentionedIn(reason: string, rendered: readonly Rendered[]): readonly Match[] {
  for (const [, quoted, dotted] of reason.matchAll(MENTION)) {
    const path = parseShownPath(quoted ?? dotted ?? "") ?? [];
    for (let length = path.length; length >= Math.min(path.length, 2) && length > 0; length--) {
      const matches = rendered.flatMap((file) => valuesOf(path.slice(0, length), file));
      if (matches.length > 0) return matches;
    }
  }
  return [];
}

/** The option of a value: elements belong to their list. */
function optionOf(match: Match | undefined): string | undefined {
  const path = match?.entry.path ?? [];
  const element = path.findIndex((part) => typeof part === "number");
  const names = element < 0 ? path : path.slice(0, element);
  return names.length === 0 ? undefined : showPath(names);
}

/** Places that people can change: definitions where Nix names some, else the innermost place of the trace. */
function ownPlaces({ places }: EvaluationFailure, { root, pins }: NetworkEvaluationRequest): NixPlace[] {
  const foreign = [...pins.values()].flatMap((pin) => (pin.kind === "path" ? [`${pin.path}/`] : []));
  const own = places.filter(
    ({ file }) =>
      file.startsWith(`${root}/`) &&
      !foreign.some((directory) => file.startsWith(directory) && !root.startsWith(directory)) &&
      !file.endsWith("/default.nix"),
  );
  return places.every((place) => place.line === undefined) ? own : own.slice(0, 1);
}

function writtenAt(
  matches: readonly Match[],
  isName: boolean,
  { locate }: Surroundings,
): readonly SourceLocation[] {
  const groups = new Map<string, Match[]>();
  for (const match of matches) {
    const key = JSON.stringify([match.file.path, match.entry.path]);
    groups.set(key, [...(groups.get(key) ?? []), match]);
  }
  const written: SourceLocation[] = [];
  for (const group of groups.values()) {
    const [{ file, entry }] = group as [Match];
    if (!file.file.argument) continue;
    const path = [...file.file.argument, ...entry.path];
    const values = group.map((each) => each.entry.value);
    written.push(...locate({ machine: file.file.machine, path, values, isName }));
  }
  return unique(written);
}

function unique<Place extends NixPlace>(places: readonly Place[]): Place[] {
  const seen = new Set<string>();
  return places.filter((place) => {
    const key = `${place.file}:${place.line}`;
    return !seen.has(key) && seen.add(key);
  });
}
