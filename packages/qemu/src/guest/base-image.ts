import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { access, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, isAbsolute, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { QemuError } from "../errors.js";

/**
 * The file of a base image: a path as it is, a URL downloaded once and kept in the cache. What is downloaded is compared
 * with the SHA512SUMS (or SHA256SUMS) that lies beside it, as Debian and Ubuntu publish them.
 *
 * @param image absolute path, `https://…` or `http://…`
 * @param note called with what is being done, one line at a time
 * @throws QemuError with what is missing and what to do
 */
export async function ensureBaseImage(
  image: string,
  note: (line: string) => void = () => {},
): Promise<string> {
  if (!/^https?:/.test(image)) return existing(image);
  const file = join(
    cacheDirectory(),
    "vm-images",
    `${createHash("sha256").update(image).digest("hex").slice(0, 12)}-${basename(new URL(image).pathname)}`,
  );
  if (await exists(file)) return file;
  await mkdir(dirname(file), { recursive: true });
  const work = await mkdtemp(`${file}.part-`);
  try {
    note(`downloading ${image}`);
    const part = join(work, "image");
    await pipeline(Readable.fromWeb((await get(image)).body as never), createWriteStream(part));
    await compare(image, part);
    await rename(part, file);
    return file;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function existing(image: string): Promise<string> {
  if (!isAbsolute(image)) throw new QemuError(`The image "${image}" is neither an absolute path nor a URL.`);
  if (await exists(image)) return image;
  throw new QemuError(
    `There is no image ${image} on this computer: give the path of a qcow2 image, or its URL.`,
  );
}

async function compare(image: string, file: string): Promise<void> {
  for (const [list, algorithm] of [
    ["SHA512SUMS", "sha512"],
    ["SHA256SUMS", "sha256"],
  ] as const) {
    const url = new URL(list, image).href;
    const answer = await fetch(url).catch(() => undefined);
    if (!answer?.ok) continue;
    const name = basename(new URL(image).pathname);
    const line = (await answer.text()).split("\n").find((each) => each.split(/\s+\*?/)[1] === name);
    if (line === undefined)
      throw new QemuError(`${url} does not name ${name}: the image is not to be trusted.`);
    const hash = createHash(algorithm);
    await pipeline(createReadStream(file), hash);
    if (line.split(/\s/)[0] === hash.digest("hex")) return;
    throw new QemuError(
      `${image} is not what ${url} says: it was cut or changed on the way. Run this again.`,
    );
  }
  throw new QemuError(
    `${image} cannot be checked: there is no SHA512SUMS or SHA256SUMS beside it. Download it yourself and give its path.`,
  );
}

async function get(url: string): Promise<Response> {
  const answer = await fetch(url).catch((error: Error) => {
    throw new QemuError(
      `${url} cannot be downloaded: ${(error.cause as Error | undefined)?.message ?? error.message}. Download a qcow2 image by hand and give its path as \`image\`.`,
    );
  });
  if (answer.ok) return answer;
  throw new QemuError(
    `${url} cannot be downloaded: the server answered ${answer.status} ${answer.statusText}.`,
  );
}

function cacheDirectory(): string {
  return process.env.FIRN_CACHE || join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "firn");
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
