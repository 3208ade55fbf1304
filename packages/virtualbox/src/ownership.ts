import type { MachineInputs } from "./inputs.js";
import { VirtualboxError } from "./manage/error.js";
import { readNote, writeNote } from "./manage/extra-data.js";

/** Notes that a machine of this name is about to be made, before there is one to note anything of: a run may be killed in between. */
export async function announce(inputs: MachineInputs): Promise<void> {
  await writeNote("global", makingNoteOf(inputs), inputs.mark);
}

/** Takes {@link announce} back: there is no such machine, or it has notes of its own. */
export async function unannounce(inputs: MachineInputs): Promise<void> {
  await writeNote("global", makingNoteOf(inputs));
}

/** Notes whose a machine is. */
export async function own(uuid: string, inputs: MachineInputs): Promise<void> {
  await writeNote(uuid, "Owner", inputs.owner);
  await writeNote(uuid, "Mark", inputs.mark);
  await unannounce(inputs);
}

/**
 * Checks that a machine is one that this stack has made, or began to make.
 *
 * @throws VirtualboxError for anybody else's: none is adopted
 */
export async function refuseStranger(uuid: string, inputs: MachineInputs): Promise<void> {
  const { name, owner, mark } = inputs;
  if ((await readNote("global", makingNoteOf(inputs))) === mark) return;
  const [foundOwner, foundMark] = [await readNote(uuid, "Owner"), await readNote(uuid, "Mark")];
  if (foundOwner === owner && foundMark === mark) return;
  const whose =
    foundOwner === undefined
      ? "that Firn did not make"
      : foundOwner === owner
        ? "of an earlier stack of this name"
        : `of ${foundOwner}`;
  throw new VirtualboxError(
    `VirtualBox has a machine "${name}" ${whose}, and none is adopted: remove it (VBoxManage unregistervm ${name} --delete), or give the network, the stack or the machine another name.`,
  );
}

/** Of a machine that is about to be made, and has no notes of its own yet. */
function makingNoteOf({ name, owner }: MachineInputs): string {
  return `Making/${owner}/${name}`;
}
