import type * as pulumi from "@pulumi/pulumi";
import type { MachineInputs, MachineOutputs } from "./inputs.js";
import { changeMachine, makeMachine, removeMachine } from "./machine.js";
import { infoOf, isOn } from "./manage/info.js";
import { type Place, placeOf } from "./place.js";

/** A machine with another one of these is another machine. */
const IDENTITY = ["owner", "name", "image", "osType", "hostOnly", "bridged", "fixedAddress"] as const;

/** What may change about a machine; the rest counts for its first boot only. */
const SETTINGS = [
  "memory",
  "cpus",
  "disk",
  "headless",
  "ports",
  "sharedFolders",
  "volumes",
  "flags",
] as const;

/** Life cycle of a machine. Every step can be repeated. */
export const machine = {
  async create(inputs: MachineInputs): Promise<pulumi.dynamic.CreateResult> {
    const { uuid, ...place } = await makeMachine(inputs);
    return { id: uuid, outs: outputs(inputs, place, true) };
  },

  async read(id: string, props: MachineOutputs): Promise<pulumi.dynamic.ReadResult> {
    const info = await infoOf(id);
    // Without an id the engine drops the resource.
    if (!info) return {};
    const place = props.prefixLength === 0 ? await placeOf(id, info, { ...props, userData: "" }) : props;
    const address = place.address || props.address;
    return { id, props: { ...props, address, running: isOn(info) } };
  },

  async diff(_id: string, olds: MachineOutputs, news: MachineInputs): Promise<pulumi.dynamic.DiffResult> {
    const differs = (property: keyof MachineOutputs & keyof MachineInputs) =>
      JSON.stringify(olds[property]) !== JSON.stringify(news[property]);
    const replaces = IDENTITY.filter(differs);
    const changes = replaces.length > 0 || SETTINGS.some(differs) || !olds.running;
    // A new one has the old one's name.
    return { changes, replaces, deleteBeforeReplace: true };
  },

  async update(id: string, olds: MachineOutputs, news: MachineInputs): Promise<pulumi.dynamic.UpdateResult> {
    const place = await changeMachine(id, { ...olds, userData: "" }, news);
    return { outs: outputs(news, { ...place, address: place.address || olds.address }, true) };
  },

  async delete(id: string, props: MachineOutputs): Promise<void> {
    await removeMachine(id, props.name);
  },
};

function outputs(inputs: MachineInputs, place: Place, running: boolean): MachineOutputs {
  const { userData: _, ...shown } = inputs;
  return { ...shown, ...place, running };
}
