import { showPath } from "@firn/nix";
import * as pulumi from "@pulumi/pulumi";
import { showLocation } from "../location.js";
import type { Machine } from "../machine.js";
import type { Network } from "../network.js";
import { Locator } from "../source/locator.js";
import { ConfigMistake } from "./mistake.js";
import { EvaluationError } from "./report.js";

/** Mistakes in the arguments of a network's machines, collected so that one run tells all of them. */
export class Mistakes {
  private readonly found: { readonly machine: Machine | undefined; readonly mistake: ConfigMistake }[] = [];

  constructor(
    private readonly network: Network,
    private readonly machines: readonly Machine[],
  ) {}

  /**
   * Waits for what is made of the arguments of a machine, or of the network. The result must not be looked at before
   * {@link report}: after a mistake there is none.
   */
  async collect<Result>(machine: Machine | undefined, result: Promise<Result>): Promise<Result> {
    try {
      return await result;
    } catch (error) {
      if (!(error instanceof ConfigMistake)) throw error;
      this.found.push({ machine, mistake: error });
      return undefined as Result;
    }
  }

  /**
   * Logs each mistake at its machine.
   *
   * @throws an `EvaluationError` when there is any
   */
  report(): void {
    if (this.found.length === 0) return;
    const locator = new Locator(this.network, this.machines);
    for (const { machine, mistake } of this.found)
      void pulumi.log.error(this.describe(machine, mistake, locator), machine ?? this.network);
    const names = this.found.map(({ machine }) => machine?.machineName ?? "all machines");
    throw new EvaluationError(
      `${names.length === 1 ? "The configuration" : "The configurations"} of ${names.join(", ")} cannot be written as Nix; see above.`,
    );
  }

  private describe(machine: Machine | undefined, mistake: ConfigMistake, locator: Locator): string {
    const { root, networkName } = this.network;
    const owner = machine ?? this.network;
    const who = machine ? `machine "${machine.machineName}"` : `network "${networkName}"`;
    const written = locator
      .locate({ machine: machine?.machineName, path: [...mistake.argument, ...mistake.path], values: [] })
      .map((location) => showLocation(location, root));
    return [
      `${who} (${showLocation(owner.declared, root)}), option ${showPath(mistake.path)}: its configuration cannot be written as Nix`,
      ...mistake.message.split("\n").map((line) => `  ${line}`),
      ...(written.length > 0 ? [`  written: ${written.join(", ")}`] : []),
    ].join("\n");
  }
}
