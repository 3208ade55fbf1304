import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProcess } from "@firn/host";
import { LibvirtError } from "../errors.js";
import type { XmlElement } from "../xml/element.js";
import { printXml } from "../xml/print.js";
import { hintFor } from "./hints.js";

/** How long a command may take, in milliseconds: one that waits for a person's answer or a dead host must end. */
const TIMEOUT_MS = 120_000;

/** A command of virsh that ended with another code than 0. */
export class VirshError extends LibvirtError {
  constructor(
    message: string,
    /** What virsh said, without its `error: `. */
    readonly said: string,
  ) {
    super(message);
  }
}

export interface VirshOptions {
  readonly timeoutMs?: number;
}

/**
 * libvirt at a connection URI, by way of `virsh`.
 *
 * @example new Virsh("qemu+ssh://root@host/system")
 */
export class Virsh {
  constructor(readonly uri: string) {}

  /**
   * Runs a command and returns its standard output without the newlines around it.
   *
   * @throws VirshError with the command, what it said and what to do; LibvirtError where there is no virsh
   */
  async run(args: readonly string[], { timeoutMs = TIMEOUT_MS }: VirshOptions = {}): Promise<string> {
    const { stdout, stderr, exitCode, ended } = await runProcess(
      "virsh",
      ["--connect", this.uri, "--quiet", ...args],
      { env: { ...process.env, LC_ALL: "C" }, timeoutMs },
    ).catch((error) => {
      throw notStarted(error);
    });
    if (exitCode === 0) return stdout.replace(/^\n+|\n+$/g, "");
    const said = stderr.replace(/^error: /gm, "").trim();
    const why = ended ? `no answer within ${timeoutMs / 1000} s` : said || `exit code ${exitCode}`;
    throw new VirshError(this.message(args, why), said);
  }

  /** Like {@link run}, but `undefined` where virsh says that what is asked about is not there. */
  async ask(args: readonly string[]): Promise<string | undefined> {
    return this.run(args).catch((error: unknown) => {
      if (error instanceof VirshError && isNotFound(error.said)) return undefined;
      throw error;
    });
  }

  /**
   * Runs a command that reads XML from a file, whose path takes the place of `XML` in its arguments. The file is this
   * account's alone, and gone afterwards.
   */
  async withXml(args: readonly string[], xml: XmlElement, options?: VirshOptions): Promise<string> {
    const text = printXml(xml);
    return withFile(text, (file) =>
      this.run(
        args.map((arg) => (arg === XML ? file : arg)),
        options,
      ),
    );
  }

  private message(args: readonly string[], why: string): string {
    const shown = ["virsh", "--connect", this.uri, ...args].map((arg) => (/\s/.test(arg) ? `'${arg}'` : arg));
    const indented = why.split("\n").map((line) => `    ${line}`);
    const hint = hintFor(why);
    return [`\`${shown.join(" ")}\` failed:`, ...indented, ...(hint === undefined ? [] : [`  ${hint}`])].join(
      "\n",
    );
  }
}

/** Stands for the file in the arguments of {@link Virsh.withXml}. */
export const XML = "<xml>";

/** Has something done with a file that only this account can read, and that is gone afterwards. */
export async function withFile<T>(
  content: string | Uint8Array,
  work: (file: string) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), "firn-libvirt-"));
  try {
    const file = join(directory, "content");
    await writeFile(file, content, { mode: 0o600 });
    return await work(file);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The domain, network, volume or pool is not there, as libvirt says it. */
function isNotFound(said: string): boolean {
  return /^failed to get domain '|no (?:domain|network|storage vol|storage pool|domain metadata) |(?:Domain|Network|Storage volume|Storage pool) not found|metadata not found|Requested metadata element is not present/im.test(
    said,
  );
}

function notStarted(error: NodeJS.ErrnoException): LibvirtError {
  if (error.code === "ENOENT")
    return new LibvirtError(
      "virsh is not on PATH. Install libvirt's client (Debian: libvirt-clients; NixOS and Homebrew: libvirt).",
    );
  return new LibvirtError(`virsh cannot be started: ${error.message}.`);
}
