import { seedImage } from "@firn/qemu/guest";
import type * as pulumi from "@pulumi/pulumi";
import { LibvirtError } from "../errors.js";
import { tokenOf } from "../owner.js";
import { Virsh, withFile, XML } from "../virsh/virsh.js";
import { element } from "../xml/element.js";
import { targetInDomain } from "./attached.js";
import { imageFile } from "./image.js";
import type { VolumeInputs, VolumeOutputs } from "./inputs.js";
import { poolOf } from "./pool.js";

/** How long sending an image, or copying one on the host, may take. */
const COPY_MS = 3_600_000;
const GIB = 2 ** 30;

/** Life cycle of a volume. Every step can be repeated. */
export const volume = {
  async create(inputs: VolumeInputs): Promise<pulumi.dynamic.CreateResult> {
    const virsh = new Virsh(inputs.uri);
    await poolOf(virsh, inputs.pool);
    const made = await make(virsh, inputs);
    return { id: `${inputs.pool}/${made.volume}`, outs: made };
  },

  async read(id: string, props: VolumeOutputs): Promise<pulumi.dynamic.ReadResult> {
    const capacity = await capacityOf(new Virsh(props.uri), props.pool, props.volume);
    // Without an id the engine drops the resource.
    if (capacity === undefined) return {};
    return { id, props: { ...props, capacity } };
  },

  async diff(_id: string, olds: VolumeOutputs, news: VolumeInputs): Promise<pulumi.dynamic.DiffResult> {
    const replaces = [
      ...(["name", "pool"] as const).filter((property) => olds[property] !== news[property]),
      ...(sourceOf(olds) === sourceOf(news) ? [] : ["content"]),
    ];
    const { capacity = olds.capacity } = news;
    if (replaces.length === 0 && capacity < olds.capacity)
      throw new LibvirtError(
        `The volume ${olds.volume} has ${olds.capacity / GIB} GiB, and disks do not shrink: ${capacity / GIB} GiB is less. Say its size again, or replace it (\`pulumi up --target-replace\`), which loses what is on it.`,
      );
    return {
      changes: replaces.length > 0 || capacity !== olds.capacity || olds.uri !== news.uri,
      replaces,
      deleteBeforeReplace: true,
    };
  },

  async update(_id: string, olds: VolumeOutputs, news: VolumeInputs): Promise<pulumi.dynamic.UpdateResult> {
    const virsh = new Virsh(news.uri);
    const { seed: _, ...shown } = news;
    const known = await capacityOf(virsh, news.pool, olds.volume);
    if (known === undefined)
      throw new LibvirtError(
        `The volume ${olds.volume} is not in the pool ${news.pool} of ${news.uri}. Where it was removed, run \`pulumi refresh\`, and \`pulumi up\` makes it anew. To move to another host, destroy the stack's machines first.`,
      );
    const { capacity = known } = news;
    if (capacity > known) await grow(virsh, { ...news, volume: olds.volume }, capacity);
    return { outs: { ...shown, volume: olds.volume, format: olds.format, capacity } };
  },

  async delete(_id: string, props: VolumeOutputs): Promise<void> {
    const virsh = new Virsh(props.uri);
    if ((await capacityOf(virsh, props.pool, props.volume)) === undefined) return;
    // The machine's system has been told before that it is to go.
    const target = await targetInDomain(virsh, props);
    if (props.domain !== undefined && target !== undefined)
      await virsh.run(["detach-disk", props.domain, target, "--live"]);
    await virsh.run(["vol-delete", "--pool", props.pool, props.volume]);
  },
};

/** What decides whether a volume is another one. */
function sourceOf({ content }: Pick<VolumeInputs, "content">): string {
  return content.kind === "copy" ? `copy ${content.image}` : JSON.stringify(content);
}

async function make(virsh: Virsh, inputs: VolumeInputs): Promise<VolumeOutputs> {
  const { seed, ...shown } = inputs;
  const { pool, content } = inputs;
  // A name that no other stack gives: what has it was made by a run of this one that was cut off.
  const name = `${inputs.name}-${tokenOf(inputs.owner).slice(0, 6)}`;
  const found = (volume: string) => capacityOf(virsh, pool, volume);
  if (content.kind === "empty" || content.kind === "copy") {
    const volume = `${name}.qcow2`;
    if ((await found(volume)) === undefined) await makeDisk(virsh, inputs, volume);
    const capacity = (await found(volume)) ?? 0;
    const wanted = inputs.capacity ?? capacity;
    if (wanted < capacity)
      throw new LibvirtError(
        `libvirt({ disk: ${wanted / GIB} }) is too small: the image holds a disk of ${capacity / GIB} GiB.`,
      );
    if (wanted > capacity) await grow(virsh, { ...inputs, volume }, wanted);
    return { ...shown, volume, format: "qcow2", capacity: wanted };
  }
  if (content.kind === "image") {
    const image = await imageFile(content.file);
    const volume = `${name}.${image.format === "qcow2" ? "qcow2" : "img"}`;
    await upload(virsh, pool, volume, image);
    return { ...shown, volume, format: image.format, capacity: image.capacity };
  }
  const volume = `${name}.iso`;
  if (seed === undefined) throw new Error(`the volume ${name} has no seed`);
  const bytes = seedImage(seed);
  const image = { format: "raw", capacity: bytes.length } as const;
  await withFile(bytes, (file) => upload(virsh, pool, volume, { file, ...image }));
  return { ...shown, volume, ...image };
}

/** Makes a disk in the pool: empty, or a copy that needs its original no more. */
async function makeDisk(
  virsh: Virsh,
  { pool, content, capacity = 0 }: VolumeInputs,
  volume: string,
): Promise<void> {
  const definition = volumeDefinition(volume, "qcow2", capacity);
  if (content.kind !== "copy") {
    await virsh.withXml(["vol-create", pool, XML], definition);
    return;
  }
  const copy = ["vol-create-from", pool, XML, content.volume, "--inputpool", pool];
  await virsh.withXml(copy, definition, { timeoutMs: COPY_MS });
}

/** Makes a volume of a file's content; one that a run that was cut off has left is made anew. */
async function upload(
  virsh: Virsh,
  pool: string,
  volume: string,
  { file, format, capacity }: { file: string; format: "qcow2" | "raw"; capacity: number },
): Promise<void> {
  const at = ["--pool", pool];
  if ((await capacityOf(virsh, pool, volume)) !== undefined) await virsh.run(["vol-delete", ...at, volume]);
  await virsh.withXml(["vol-create", pool, XML], volumeDefinition(volume, format, capacity));
  try {
    await virsh.run(["vol-upload", ...at, volume, file, "--sparse"], { timeoutMs: COPY_MS });
  } catch (error) {
    await virsh.run(["vol-delete", ...at, volume]).catch(() => {});
    throw error;
  }
}

function volumeDefinition(name: string, format: string, capacity: number) {
  return element(
    "volume",
    {},
    element("name", {}, name),
    element("capacity", { unit: "bytes" }, capacity),
    element("target", {}, element("format", { type: format })),
  );
}

/** Grows a disk: through its domain where that runs and has it, because nobody else may write to the file then. */
async function grow(
  virsh: Virsh,
  at: { readonly pool: string; readonly volume: string; readonly domain?: string },
  capacity: number,
): Promise<void> {
  const { pool, volume, domain } = at;
  const target = await targetInDomain(virsh, at);
  if (domain !== undefined && target !== undefined)
    await virsh.run(["blockresize", domain, target, `${capacity}B`]);
  else await virsh.run(["vol-resize", "--pool", pool, volume, `${capacity}B`]);
}

/** In bytes; undefined where there is no such volume, or no such pool any more. */
async function capacityOf(virsh: Virsh, pool: string, volume: string): Promise<number | undefined> {
  const info = await virsh.ask(["vol-info", "--bytes", "--pool", pool, volume]);
  const match = info === undefined ? null : /^Capacity:\s+(\d+) bytes$/m.exec(info);
  return match ? Number(match[1]) : undefined;
}
