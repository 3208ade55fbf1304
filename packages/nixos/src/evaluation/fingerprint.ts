import { join, resolve } from "node:path";
import type { PinInUse } from "@firn/nix";
import { digest } from "./cache.js";
import { readIfThere } from "./files.js";
import { machineFiles, sharedFiles } from "./module-files.js";
import type { NetworkEvaluationRequest } from "./network.js";
import { NIX_FILES } from "./nodes.js";
import { ProjectReads } from "./reads.js";
import { renderEntry } from "./render.js";
import type { Source } from "./sources.js";

/** Digests of everything that evaluations can read. */
export interface Fingerprints {
  /** Per machine, without what it could learn of other machines through `nodes`. */
  readonly machines: ReadonlyMap<string, string>;
  /** Of the whole network. */
  readonly network: string;
}

interface Surroundings {
  readonly directory: string;
  readonly files: ReadonlyMap<string, string>;
  /** Nix' version and settings. */
  readonly nix: string;
  readonly pins: ReadonlyMap<string, PinInUse>;
  readonly sources: readonly Source[];
}

/** Takes the fingerprints of a rendered network. */
export function fingerprintNetwork(request: NetworkEvaluationRequest, around: Surroundings): Fingerprints {
  const { directory, files } = around;
  const text = (name: string) => withoutHeader(files.get(name) ?? "");
  const firn = ["manifest.nix", "unknown.nix", "answers.nix"].map(
    (name) => readIfThere(join(NIX_FILES, name)) ?? "",
  );
  const common = sharedFiles(request);
  const pins = [...around.pins].map(([name, pin]) => `${name} ${pin.fingerprint}`);
  // How machines are put together is Firn's own, and may be another in another version.
  const entry = withoutHeader(renderEntry({ ...request, pins: new Map(), machines: [], toRoot: "" }));
  const shared = digest(around.nix, entry, ...common.map(text), ...firn);
  const reads = new ProjectReads(
    request.root,
    new Map(around.sources.map((each) => [join(directory, each.file), each])),
  );
  const machines = new Map<string, string>();
  for (const machine of request.machines) {
    const own = machineFiles(machine);
    const modules = [...request.defaultModules, ...machine.modules];
    const read = reads.digest(
      modules.flatMap((module) => ("path" in module ? [resolve(request.root, module.path)] : [])),
      new Map([...common, ...own].map((name) => [join(directory, name), text(name)])),
    );
    const used = new Set([
      machine.pin,
      ...modules.flatMap((module) => ("pin" in module ? [module.pin] : [])),
    ]);
    const sources = pins.filter((pin) => used.has(pin.split(" ")[0] ?? ""));
    const order = JSON.stringify(modules.map((module) => ("value" in module ? "inline" : module)));
    const self = [machine.name, machine.system, machine.configuration ?? "", order];
    machines.set(machine.name, digest(shared, ...self, ...sources, ...own.map(text), read));
  }
  return { machines, network: digest(shared, text("default.nix"), ...machines.values()) };
}

/** A line added to the program moves the declarations below it, which the comments on top name. */
function withoutHeader(text: string): string {
  return text.replace(/^(#.*\n)*/, "");
}
