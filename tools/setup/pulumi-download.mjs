import { createWriteStream, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { run } from "./run.mjs";

const releases = process.env.FIRN_PULUMI_RELEASES || "https://get.pulumi.com/releases/sdk";
/** Many networks drop what they do not allow, so an answer has to come soon; the download itself may take its time. */
const answerTimeout = 5_000;
const downloadTimeout = 600_000;

/**
 * Downloads the official release of the Pulumi CLI with all that comes with it.
 *
 * @param {string} version such as "v3.250.0"
 * @param {string} directory where the programs are put, all at once or not at all
 * @param {import("./report.mjs").Note} note
 * @returns {Promise<string | undefined>} a sentence that says why it could not be had, undefined when it is there
 */
export async function downloadPulumi(version, directory, note) {
  const architecture = process.arch === "arm64" ? "arm64" : "x64";
  const address = `${releases}/pulumi-${version}-${process.platform}-${architecture}.tar.gz`;
  const parent = dirname(directory);
  mkdirSync(parent, { recursive: true });
  const work = mkdtempSync(join(parent, "download-"));
  try {
    const archive = join(work, "pulumi.tar.gz");
    await fetchFile(address, archive, (megabytes) => note(`downloading ${version}`, `${megabytes} MB`));
    const { code, output } = await run("tar", ["-xzf", archive, "-C", work]);
    if (code !== 0 || !existsSync(join(work, "pulumi", "pulumi")))
      return `the downloaded release is damaged (${output.trim()})`;
    rmSync(directory, { recursive: true, force: true });
    renameSync(join(work, "pulumi"), directory);
    return undefined;
  } catch (error) {
    return `the official download is not reachable (${reason(error)})`;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * @param {string} address
 * @param {string} file
 * @param {(megabytes: number) => void} progress
 */
async function fetchFile(address, file, progress) {
  const abort = new AbortController();
  let timer = setTimeout(
    () => abort.abort(new Error(`no answer in ${answerTimeout / 1000} s`)),
    answerTimeout,
  );
  try {
    const response = await fetch(address, { signal: abort.signal });
    if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`);
    clearTimeout(timer);
    timer = setTimeout(() => abort.abort(new Error("it took too long")), downloadTimeout);
    let bytes = 0;
    const counted = Readable.fromWeb(response.body).on("data", (chunk) => {
      bytes += chunk.length;
      progress(Math.round(bytes / 1e6));
    });
    await pipeline(counted, createWriteStream(file));
  } finally {
    clearTimeout(timer);
  }
}

/** @param {unknown} error */
function reason(error) {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
