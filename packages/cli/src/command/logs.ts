import { parseArgs } from "node:util";
import { connect } from "@firn/host";
import { sshTarget } from "@firn/nixos/operate";
import { type Command, UsageError } from "../command.js";
import { deployedMachines } from "../stack/machines.js";
import { findProject } from "../stack/project.js";

/** `firn logs`: the journals of machines, over the connection that deployments use. */
export const logs: Command = {
  usage: "[--stack STACK] [--unit UNIT …] [--since TIME] [--lines N] [--follow] [MACHINE …]",
  summary: "shows the journals of machines; without a name, of all machines of the stack",
  async run(args, terminal) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        stack: { type: "string", short: "s" },
        unit: { type: "string", short: "u", multiple: true },
        since: { type: "string" },
        lines: { type: "string", short: "n" },
        follow: { type: "boolean", short: "f" },
      },
    });
    if (values.lines !== undefined && !/^\d+$/.test(values.lines))
      throw new UsageError(`--lines is a number, not ${values.lines}`);
    const journalctl = [
      ...["journalctl", "--no-pager", "--quiet", "--output=short-iso"],
      ...(values.unit ?? []).flatMap((unit) => ["--unit", unit]),
      ...(values.since === undefined ? [] : ["--since", values.since]),
      // All of a journal would be its whole past.
      ...(values.lines === undefined && values.since !== undefined ? [] : ["--lines", values.lines ?? "50"]),
      ...(values.follow ? ["--follow"] : []),
    ];
    const machines = await deployedMachines(findProject(), values.stack, positionals);
    const wide = Math.max(...machines.map(({ machine }) => machine.length));
    const results = await Promise.allSettled(
      machines.map(async (machine) => {
        const name = machines.length === 1 ? "" : `${machine.machine.padEnd(wide)} `;
        const host = await connect(sshTarget(machine));
        try {
          await host.run(journalctl, {
            privileged: true,
            title: "journalctl",
            onLine: (line, stream) =>
              stream === "stdout" ? terminal.out(`${name}${line}`) : terminal.error(line),
          });
        } finally {
          await host.close();
        }
      }),
    );
    const reasons = results.flatMap((each) =>
      each.status === "rejected" ? [(each.reason as Error).message] : [],
    );
    if (reasons.length > 0) throw new Error(reasons.join("\n"));
  },
};
