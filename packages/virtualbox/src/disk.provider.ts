import { mkdir, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { deviceOf, growDisk, type Medium, mediumAt, megabytes } from "./disk.js";
import { defaultFolder } from "./folder.js";
import { VirtualboxError } from "./manage/error.js";
import { infoOf, isOn } from "./manage/info.js";
import { checkVersion, manage, manageIfThere } from "./manage/manage.js";
import { start, stop } from "./power.js";

/** What the Pulumi resource of a volume is given. */
export interface DiskInputs {
  /** Whose it is and its name, `shop-dev-db-data`: the name of its file. */
  readonly name: string;
  /** In GB. */
  readonly size: number;
}

export interface DiskOutputs extends DiskInputs {
  readonly path: string;
  readonly uuid: string;
  /** Path by which the machine finds it. */
  readonly device: string;
}

/** Life cycle of a volume. Its file lies beside the machines' folders, not in one: deleting a machine must not take it along. */
export const disk = {
  async create(inputs: DiskInputs): Promise<pulumi.dynamic.CreateResult> {
    await checkVersion();
    const path = join(await defaultFolder(), "Firn volumes", `${inputs.name}.vdi`);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    for (let attempt = 0; ; attempt += 1) {
      const size = `--size=${megabytes(inputs.size)}`;
      await manage(`make the volume ${inputs.name}`, "createmedium", "disk", `--filename=${path}`, size);
      const medium = await mediumAt(path);
      const device = deviceOf(medium.uuid);
      if (device) return { id: medium.uuid, outs: outputs(inputs, path, medium, device) };
      await manage(`make the volume ${inputs.name} anew`, "closemedium", "disk", path, "--delete");
      if (attempt === 50)
        throw new VirtualboxError(`VirtualBox gave the volume ${inputs.name} no UUID that is fit for it.`);
    }
  },

  async read(id: string, props: DiskOutputs): Promise<pulumi.dynamic.ReadResult> {
    const text = await manageIfThere(`tell of ${props.name}`, "showmediuminfo", "disk", props.path);
    return text?.includes(id) ? { id, props } : {};
  },

  async diff(_id: string, olds: DiskOutputs, news: DiskInputs): Promise<pulumi.dynamic.DiffResult> {
    const replaces = olds.name === news.name ? [] : ["name"];
    return { changes: replaces.length > 0 || olds.size !== news.size, replaces };
  },

  async update(_id: string, olds: DiskOutputs, news: DiskInputs): Promise<pulumi.dynamic.UpdateResult> {
    const medium = await mediumAt(olds.path);
    await whileOff(medium.users, () => growDisk(olds.path, news.size));
    return { outs: { ...olds, ...news } };
  },

  async delete(_id: string, props: DiskOutputs): Promise<void> {
    await manageIfThere(`remove the volume ${props.name}`, "closemedium", "disk", props.path, "--delete");
    // Others may be in it.
    await rmdir(dirname(props.path)).catch(() => {});
  },
};

/** VirtualBox grows no disk of a machine that runs: those are shut down for it, and started again. */
async function whileOff(machines: readonly string[], work: () => Promise<void>): Promise<void> {
  const running: { uuid: string; name: string; headless: boolean }[] = [];
  for (const uuid of machines) {
    const info = await infoOf(uuid);
    if (!info || !isOn(info)) continue;
    const name = info.get("name") ?? uuid;
    running.push({ uuid, name, headless: info.get("SessionName") !== "GUI/Qt" });
    await stop(uuid, name);
  }
  try {
    await work();
  } finally {
    for (const { uuid, name, headless } of running) await start(uuid, name, headless);
  }
}

function outputs(inputs: DiskInputs, path: string, { uuid }: Medium, device: string): DiskOutputs {
  return { ...inputs, path, uuid, device };
}
