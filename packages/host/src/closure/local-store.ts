import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { HostError, lastLines } from "../errors.js";
import { commandHint } from "../hints.js";
import { localEnvironment, localHost } from "../local.js";
import { referencesFirst } from "./order.js";
import {
  ANSWER,
  dumpStorePaths,
  GREETING,
  type PathInfo,
  parsePathInfo,
  queryClosure,
  queryPathInfos,
} from "./serve.js";
import { EndedEarly, WireReader, WireWriter } from "./wire.js";

/** Thousands of small paths are handed on in pieces of at least this many bytes: each piece costs a system call. */
const PIECE_BYTES = 64 << 10;

/** This computer's store, asked through one `nix-store --serve`. */
export class LocalStore {
  private readonly process: ChildProcessWithoutNullStreams;
  private readonly reader: WireReader;
  private readonly ended: Promise<void>;
  private stderr = "";

  private constructor() {
    this.process = spawn("nix-store", ["--serve"], { env: localEnvironment(), stdio: "pipe" });
    this.process.stdin.on("error", () => {}); // it tells on standard error why it ended
    this.process.stderr.on("data", (chunk: Buffer) => {
      this.stderr = (this.stderr + chunk.toString("utf8")).slice(-16_384);
    });
    this.ended = new Promise((resolve) => {
      this.process.once("error", (error) => {
        this.stderr += error.message;
        resolve();
      });
      this.process.once("close", () => resolve());
    });
    this.reader = new WireReader(this.process.stdout);
  }

  /**
   * Opens the store for as long as `work` takes.
   *
   * @throws {@link HostError} when there is none
   */
  static async use<T>(work: (store: LocalStore) => Promise<T>): Promise<T> {
    const store = new LocalStore();
    try {
      store.process.stdin.write(GREETING);
      const answer = await store.read((cursor) => [cursor.number(), cursor.number()]);
      if (answer[0] !== ANSWER)
        throw new HostError("`nix-store --serve` of this computer answers in an unknown way", "localhost");
      return await work(store);
    } finally {
      store.process.kill("SIGTERM");
    }
  }

  /**
   * The closure of paths, what is needed before what needs it.
   *
   * @throws {@link HostError} when the store lacks one of them
   */
  async closure(paths: readonly string[]): Promise<PathInfo[]> {
    this.process.stdin.write(queryClosure(paths));
    const closure = await this.read((cursor) => cursor.list());
    this.process.stdin.write(queryPathInfos(closure));
    const infos: PathInfo[] = [];
    for (let info = await this.read(parsePathInfo); info; info = await this.read(parsePathInfo))
      infos.push(info);
    return referencesFirst(infos);
  }

  /**
   * The archives of paths one after another, each with what `before` puts before it. It is the last that can be asked.
   *
   * @throws {@link HostError} when one of them cannot be read
   */
  async *archives(
    infos: readonly PathInfo[],
    before: (writer: WireWriter, info: PathInfo) => void,
  ): AsyncGenerator<Buffer, void> {
    this.process.stdin.end(dumpStorePaths(infos.map(({ path }) => path)));
    const writer = new WireWriter();
    for (const info of infos) {
      before(writer, info);
      for (let left = info.narSize; left > 0; ) {
        const bytes = await this.reader.some(left).catch((error) => this.explain(error, info.path));
        left -= bytes.length;
        if (bytes.length < PIECE_BYTES) writer.bytes(bytes);
        if (bytes.length >= PIECE_BYTES || writer.length >= PIECE_BYTES) {
          if (writer.length > 0) yield writer.take();
          if (bytes.length >= PIECE_BYTES) yield bytes;
        }
      }
    }
    if (writer.length > 0) yield writer.take();
  }

  private async read<T>(parse: Parameters<typeof this.reader.read<T>>[0]): Promise<T> {
    return this.reader.read(parse).catch((error) => this.explain(error));
  }

  private async explain(error: unknown, path?: string): Promise<never> {
    if (!(error instanceof EndedEarly)) throw error;
    await this.ended;
    const damaged = path === undefined ? undefined : await damagedHere([path]);
    if (damaged) throw damaged;
    const said = lastLines(this.stderr, 5) || "\n    it ended early, without a word";
    throw new HostError(
      `the Nix store of this computer failed:${said}${commandHint(this.stderr)}`,
      "localhost",
    );
  }
}

/** The error for paths whose files on this computer are not what was built; undefined when they are. */
export async function damagedHere(paths: readonly string[]): Promise<HostError | undefined> {
  const { exitCode, stderr } = await localHost().run(["xargs", "nix-store", "--verify-path"], {
    input: paths.join("\n"),
    check: false,
  });
  if (exitCode === 0) return undefined;
  const message = `what was to be sent is damaged in the Nix store of this computer:${lastLines(stderr, 3)}`;
  return new HostError(`${message}${commandHint(message)}`, "localhost");
}
