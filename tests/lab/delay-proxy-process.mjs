// Arguments: ADDRESS PORT ROUND-TRIP-MS LOSS-PERCENT. Prints the port of the loopback that it listens on; ends when its
// standard input does.

import { connect, createServer } from "node:net";

/** Bytes on the way in one direction, at most; the sender waits with more. */
const LINE_HOLDS = 64 << 20;

const SEGMENT_BYTES = 1448;

const [address, port, roundTrip, loss] = process.argv.slice(2);
const roundTripMs = Number(roundTrip);
const arrives = 1 - Number(loss) / 100;

/** How long a chunk takes: one of its packets that is lost comes a round trip later. @param {Buffer | undefined} chunk */
function travelMs(chunk) {
  const packets = Math.ceil((chunk?.length ?? 0) / SEGMENT_BYTES);
  return roundTripMs / 2 + (Math.random() < arrives ** packets ? 0 : roundTripMs);
}

/**
 * @param {import("node:net").Socket} from
 * @param {import("node:net").Socket} to
 */
function line(from, to) {
  /** @type {{ chunk: Buffer | undefined, due: number }[]} */
  const queue = [];
  let held = 0;
  let isWaiting = false;
  const wait = () => {
    const next = queue[0];
    if (isWaiting || next === undefined) return;
    isWaiting = true;
    setTimeout(deliver, Math.max(0, next.due - performance.now()));
  };
  const deliver = () => {
    isWaiting = false;
    while (queue[0] && queue[0].due <= performance.now()) {
      const chunk = queue.shift()?.chunk;
      if (chunk === undefined) to.end();
      else {
        held -= chunk.length;
        to.write(chunk);
      }
    }
    if (held + to.writableLength < LINE_HOLDS) from.resume();
    wait();
  };
  /** @param {Buffer | undefined} chunk */
  const take = (chunk) => {
    held += chunk?.length ?? 0;
    queue.push({ chunk, due: Math.max(queue.at(-1)?.due ?? 0, performance.now() + travelMs(chunk)) });
    if (held + to.writableLength >= LINE_HOLDS) from.pause();
    wait();
  };
  from.on("data", take);
  from.on("end", () => take(undefined));
  to.on("drain", deliver);
  from.on("error", () => to.destroy());
}

const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
  client.pause();
  // The handshake takes its round trip, too.
  setTimeout(() => {
    const machine = connect({ host: address, port: Number(port), allowHalfOpen: true, noDelay: true });
    line(client, machine);
    line(machine, client);
    client.resume();
  }, roundTripMs);
});
server.listen(0, "127.0.0.1", () => {
  const at = server.address();
  if (at && typeof at === "object") process.stdout.write(`${at.port}\n`);
});
process.stdin.on("end", () => process.exit(0)).resume();
