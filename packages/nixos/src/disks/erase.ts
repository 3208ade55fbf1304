import * as pulumi from "@pulumi/pulumi";
import { FirnError } from "../errors.js";

/**
 * The second word that partitioning disks wants, beside the program: the stack's configuration `firn:eraseDisks` names the
 * machine, as `<network>-<machine>`, and says `empty`, or the serial numbers of disks that may be emptied although they
 * carry data.
 *
 * @returns the serial numbers; undefined where the machine is not named
 * @throws FirnError for what is neither
 */
export function erasableDisks(machine: string): readonly string[] | undefined {
  const where = `Pulumi.${pulumi.getStack()}.yaml: firn:eraseDisks`;
  const config = new pulumi.Config("firn");
  if (config.get("eraseDisks") === undefined) return undefined;
  const given = read(config);
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw new FirnError(`${where} must name machines, each with "empty" or a list of serial numbers, for example:
  ${command(machine)}`);
  const own = Object.hasOwn(given, machine) ? (given as Record<string, unknown>)[machine] : undefined;
  if (own === undefined) return undefined;
  if (own === "empty") return [];
  // A serial number may look like a number.
  if (Array.isArray(own) && own.every((each) => /^[^\s]+$/.test(String(each)))) return own.map(String);
  throw new FirnError(
    `${where}.${machine} must be "empty" or a list of serial numbers, and is ${JSON.stringify(own)}.`,
  );
}

function read(config: pulumi.Config): unknown {
  try {
    return config.getObject("eraseDisks");
  } catch {
    return undefined;
  }
}

/** Why a machine's disks are left alone, and how to say that they need not be. */
export function notConfirmed(machine: string, devices: readonly string[]): string {
  return `${devices.join(" and ")} would be partitioned and formatted, which wants a second word beside the program. If nothing there is needed:
  ${command(machine)}
and for each disk that carries data its serial number, as \`lsblk --nodeps --output NAME,MODEL,SERIAL\` shows it there:
  ${command(machine, "<serial number>")}
Take it back when the machine is installed: pulumi config rm firn:eraseDisks`;
}

/** The command that lets Firn partition a machine's disks, or empty one that carries data. */
export function command(machine: string, serial?: string): string {
  return serial === undefined
    ? `pulumi config set --path 'firn:eraseDisks.${machine}' empty`
    : `pulumi config set --path 'firn:eraseDisks.${machine}[0]' ${serial}`;
}
