import { type ClientRequest, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP, isIPv6 } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";
import type { Host } from "../host.js";
import type { HttpCheck } from "./check.js";
import { addressFor, dial, patience, wordsOf } from "./tcp.js";

/** Of a body, so much is read: what is expected should come early. */
const BODY_BYTES = 256 * 1024;

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** What came instead of the expected answer; undefined when that came. */
export async function checkHttp(
  host: Host,
  check: HttpCheck,
  timeoutMs: number,
): Promise<string | undefined> {
  const url = urlOf(host, check);
  let answer: Answer;
  try {
    answer = await get(host, url, check, patience(timeoutMs));
  } catch (error) {
    return `${url}: ${wordsOf(error)}`;
  }
  const start =
    answer.body.trim() === "" ? "" : `\n    ${answer.body.trim().slice(0, 300).replaceAll("\n", "\n    ")}`;
  const expected = check.status === undefined ? undefined : [check.status].flat();
  if (expected ? !expected.includes(answer.status) : answer.status < 200 || answer.status > 299)
    return `${url} answered with status ${answer.status}, expected ${expected?.join(" or ") ?? "200 to 299"}${start}`;
  if (check.body !== undefined && !answer.body.includes(check.body))
    return `${url} answered without ${JSON.stringify(check.body)}:${start || " nothing"}`;
  return undefined;
}

function urlOf(host: Host, check: HttpCheck): URL {
  if (check.url !== undefined) return new URL(check.url);
  const address = addressFor(host, check.from);
  return new URL(
    `http://${isIPv6(address) ? `[${address}]` : address}:${check.port ?? 80}${check.path ?? "/"}`,
  );
}

async function get(host: Host, url: URL, check: HttpCheck, signal: AbortSignal): Promise<Answer> {
  const tls = url.protocol === "https:";
  const hostname = url.hostname.replace(/^\[|\]$/g, "");
  const stream = await dial(host, check.from, hostname, Number(url.port) || (tls ? 443 : 80), signal);
  try {
    const createConnection = () => (tls ? overTls(stream, hostname) : stream);
    const headers = { "User-Agent": "firn", Connection: "close", ...check.headers };
    const request = (tls ? httpsRequest : httpRequest)(url, {
      headers,
      signal,
      createConnection: createConnection as never,
    });
    return await answerOf(request.end());
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    stream.destroy();
  }
}

function overTls(socket: Duplex, hostname: string): Duplex {
  return connectTls({ socket, host: hostname, ...(isIP(hostname) === 0 ? { servername: hostname } : {}) });
}

function answerOf(request: ClientRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request.once("error", reject);
    request.once("response", (response) => {
      let body = "";
      const done = () => resolve({ status: response.statusCode ?? 0, body });
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        body += chunk;
        if (body.length > BODY_BYTES) done();
      });
      response.on("end", done);
      response.on("error", reject);
    });
  });
}
