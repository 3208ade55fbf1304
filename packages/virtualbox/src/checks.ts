import type { MachineInputs } from "./inputs.js";
import { VirtualboxError } from "./manage/error.js";
import { hostInfo } from "./manage/info.js";
import { checkVersion } from "./manage/manage.js";
import type { Version } from "./manage/version.js";

/**
 * Checks what can be checked before anything is made or switched off.
 *
 * @returns VirtualBox' version
 * @throws VirtualboxError that says what this computer lacks
 */
export async function checkComputer(inputs: MachineInputs): Promise<Version> {
  const version = await checkVersion();
  const { virtualisation, memory } = await hostInfo();
  if (virtualisation === false)
    throw new VirtualboxError(
      "This computer's processor offers no hardware virtualisation, without which VirtualBox runs no 64-bit machine: switch on VT-x, AMD-V or SVM in its firmware setup; inside of a virtual machine, nested virtualisation.",
    );
  if (memory !== undefined && inputs.memory >= memory)
    throw new VirtualboxError(
      `The machine ${inputs.name} would have ${inputs.memory} MiB of memory, and this computer has ${memory} MiB in all: give it less (\`memory\`).`,
    );
  for (const [from, to] of Object.entries(inputs.ports))
    if (
      ![from.replace(/^[\d.]+:/, ""), to].every(
        (port) => /^\d+$/.test(`${port}`) && +port > 0 && +port < 65_536,
      )
    )
      throw new VirtualboxError(
        `virtualbox({ ports: { ${JSON.stringify(from)}: ${to} } }): both are TCP ports, the first one also with an IPv4 address, "0.0.0.0:8080".`,
      );
  return version;
}
