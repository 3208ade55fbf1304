import { Readable } from "node:stream";
import { HostError } from "../errors.js";
import type { Host } from "../host.js";
import { readScript } from "../scripts.js";
import { type Answer, isLastLine, parseAnswer } from "./answer.js";
import { type Compression, commonCompression, PLAIN, packed } from "./compression.js";
import type { LocalStore } from "./local-store.js";
import { Pieces } from "./pieces.js";
import { ADDED_BYTES, ANSWER_BYTES, addToStore, GREETING, type PathInfo } from "./serve.js";

/** Bytes that go unpacked at first, to see how fast the link is. */
const SAMPLE_BYTES = 8 << 20;

/**
 * Milliseconds between question and answer, less what the machine thought about it, from which on it is far: nothing is
 * gained by a sample. It may look so because it is busy; then what it gets is packed although it is near.
 */
const FAR_MS = 50;

/** Bytes that must be missing before a machine's own caches are looked for: asking them takes 0.2 s and more. */
const WORTH_FETCHING_BYTES = 1_000_000;

export interface TransferEvents {
  /** The machine has said what it lacks. */
  onAnswer?(answer: Answer): void;
  /** The machine fetches the path from one of its caches. */
  onFetch?(path: string): void;
  /** So many bytes of paths' archives are on their way. */
  onSend?(bytes: number): void;
}

export interface Transfer {
  /** Paths that were sent. */
  readonly sent: readonly PathInfo[];
  readonly answer: Answer;
  /** What the machine wrote to standard error. */
  readonly stderr: string;
}

/**
 * Tells a machine of store paths and sends those that it lacks, in one session: the machine asks its own caches in
 * between, as far as they answer.
 *
 * @param closure what is needed before what needs it; the session is opened meanwhile
 * @param caches the machine's caches that are known to answer, separated by blanks; undefined to find them out
 */
export async function transfer(
  host: Host,
  store: LocalStore,
  closure: Promise<readonly PathInfo[]>,
  caches: string | undefined,
  events: TransferEvents = {},
): Promise<Transfer> {
  const lines: string[] = [];
  let said: Answer | undefined;
  let answered: (answer: Answer) => void = () => {};
  const answer = new Promise<Answer>((resolve) => {
    answered = resolve;
  });
  let sent: PathInfo[] = [];

  async function* session() {
    const infos = await closure;
    const list = Buffer.from(infos.map(({ path, narSize }) => `${narSize} ${path}\n`).join(""));
    const start = performance.now();
    yield Buffer.from(`${list.length} ${bytesOf(infos)}\n`);
    yield list;
    const { missing, tookMs, programs } = await answer;
    const isFar = performance.now() - start - tookMs > FAR_MS;
    sent = infos.filter(({ path }) => missing.has(path));
    if (sent.length > 0) yield* stream(store, sent, commonCompression(programs), isFar, events);
  }

  const { stderr } = await host.run(
    [
      ...["sh", "-c", readScript("receive.sh"), "sh"],
      ...[readScript("caches.sh"), caches ?? "?", String(WORTH_FETCHING_BYTES)],
      ...[String(ANSWER_BYTES), String(ADDED_BYTES)],
    ],
    {
      input: Readable.from(session(), { objectMode: false }),
      privileged: true,
      title: "copying store paths",
      onLine(line, from) {
        const fetched = from === "stderr" ? /^copying path '([^']+)' from/.exec(line)?.[1] : undefined;
        if (fetched !== undefined) events.onFetch?.(fetched);
        if (from !== "stdout") return;
        lines.push(line);
        if (!isLastLine(line)) return;
        said = parseAnswer(lines);
        events.onAnswer?.(said);
        answered(said);
      },
    },
  );
  if (said === undefined)
    throw new HostError(`${host.name} did not say which store paths it lacks`, host.name);
  return { sent, answer: said, stderr };
}

/** What `receive.sh` reads after its answer. */
async function* stream(
  store: LocalStore,
  infos: readonly PathInfo[],
  compression: Compression | undefined,
  isFar: boolean,
  events: TransferEvents,
): AsyncGenerator<Buffer> {
  const size = bytesOf(infos);
  async function* everything() {
    yield GREETING;
    let bytes = 0;
    for await (const piece of store.archives(infos, addToStore)) {
      bytes = Math.min(size, bytes + piece.length);
      events.onSend?.(bytes);
      yield piece;
    }
  }
  const paysFar = isFar && compression?.paysFar;
  if (compression === undefined || (size <= SAMPLE_BYTES && !paysFar)) {
    yield Buffer.from(`${infos.length} all\n`);
    yield* everything();
    return;
  }
  const pieces = new Pieces(everything());
  const sample = paysFar ? 0 : SAMPLE_BYTES;
  yield Buffer.from(`${infos.length} ${sample}\n`);
  const start = performance.now();
  yield* pieces.take(sample);
  const bytesPerSecond = (sample * 1000) / (performance.now() - start);
  const pays = bytesPerSecond < compression.paysBelow;
  yield Buffer.from(`${pays ? compression.unpack : PLAIN}\n`);
  yield* pays ? packed(pieces.take(), compression) : pieces.take();
}

function bytesOf(infos: readonly PathInfo[]): number {
  return infos.reduce((sum, { narSize }) => sum + narSize, 0);
}
