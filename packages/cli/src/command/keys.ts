import { parseArgs } from "node:util";
import { connect } from "@firn/host";
import {
  type MachineKeys,
  placeMachineKeys,
  readKeys,
  redactor,
  type SystemInputs,
  settleMachineKeys,
  sshTarget,
} from "@firn/nixos/operate";
import { type Command, type Terminal, UsageError } from "../command.js";
import { deployedMachines } from "../stack/machines.js";
import { findProject } from "../stack/project.js";

/** A machine that was just rebooted may need a moment until its sshd answers, in milliseconds. */
const PATIENCE_MS = 60_000;

/** `firn keys send`: keys that were lost by a reboot, or by hand, are put on their machines again. */
export const keys: Command = {
  usage: "send [--stack STACK] [MACHINE …]",
  summary:
    "sends machines the keys that they lack, for example after a reboot; without a name, all machines of the stack",
  async run(args, terminal) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { stack: { type: "string", short: "s" } },
    });
    const [verb, ...names] = positionals;
    if (verb !== "send")
      throw new UsageError(verb === undefined ? "say what to do" : `there is no "keys ${verb}"`);
    const root = findProject();
    const machines = await deployedMachines(root, values.stack, names);
    const results = await Promise.allSettled(machines.map((machine) => send(machine, root, terminal)));
    const failed = machines.filter((_machine, index) => results[index]?.status === "rejected");
    if (failed.length > 0)
      throw new Error(
        `the keys of ${failed.map(({ machine }) => machine).join(", ")} are not as they shall be; see above.`,
      );
  },
};

async function send(machine: SystemInputs, root: string, terminal: Terminal): Promise<void> {
  const say = (line: string) => terminal.out(`${machine.machine}: ${line}`);
  let values: MachineKeys | undefined;
  try {
    if (machine.keys === undefined) {
      say("has no keys");
      return;
    }
    values = await readKeys(machine, root);
    for (const [name, { digest }] of Object.entries(values.state))
      if (digest !== machine.keys[name]?.digest)
        say(`the value of ${name} is another one than at the last deployment`);
    const host = await connect(sshTarget(machine), { waitMs: PATIENCE_MS });
    try {
      const status = { note: (message: string) => say(message.replace(/^keys: /, "")) };
      if (await placeMachineKeys({ status }, host, values)) await settleMachineKeys({ status }, host, values);
      else say(`has its ${values.keys.length} keys already`);
    } finally {
      await host.close();
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    terminal.error(`${machine.machine}: ${redactor(values?.keys ?? [])(message)}`);
    throw error;
  }
}
