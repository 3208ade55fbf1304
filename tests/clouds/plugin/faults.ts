import { setTimeout as sleep } from "node:timers/promises";
import { ApiError } from "./api-error.js";
import type { Cloud } from "./cloud.js";

/** What a cloud does wrong, as a test tells it to; `faults.json` in its directory. */
export interface Faults {
  /** At most so many of a kind, for example `{ Server: 2 }`. */
  readonly quota?: Readonly<Record<string, number>>;
  /** How long a server boots for the first time before its ssh server starts. */
  readonly bootSeconds?: number;
  /** How long a new server takes until the API tells its address. */
  readonly addressSeconds?: number;
  /** Why servers of another size cannot be had. */
  readonly refuseResize?: string;
  /** Answers to the next requests that begin with `request`, such as `create Server`. */
  readonly answers?: readonly Answer[];
}

interface Answer {
  readonly request: string;
  readonly status: number;
  readonly times: number;
  /** The resource is made all the same, and the answer is to the question how it is. */
  readonly afterwards?: boolean;
}

/** How often the real providers ask again where they are told to wait (429). */
const RETRIES = 6;

/** Gives the next answer that a test asked for, if there is one for the request. @throws {@link ApiError} */
export async function answer(cloud: Cloud, request: string, afterwards: boolean): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const fault = take(cloud, request, afterwards);
    if (!fault) return;
    if (fault.status !== 429)
      throw new ApiError(fault.status, `server error, HTTP ${fault.status} (service_error)`);
    if (attempt === RETRIES)
      throw new ApiError(429, "limit of requests per hour reached (rate_limit_exceeded)");
    await sleep(20);
  }
}

function take(cloud: Cloud, request: string, afterwards: boolean): Answer | undefined {
  const { faults } = cloud;
  const answers = faults.answers ?? [];
  const found = answers.find(
    (each) => each.times > 0 && request.startsWith(each.request) && (each.afterwards ?? false) === afterwards,
  );
  if (found)
    cloud.faults = {
      ...faults,
      answers: answers.map((each) => (each === found ? { ...each, times: each.times - 1 } : each)),
    };
  return found;
}
