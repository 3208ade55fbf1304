import { setTimeout as sleep } from "node:timers/promises";
import { RobotError, robotError } from "./errors.js";

/** Where the web service is, and who asks. */
export interface Account {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

export const ROBOT_URL = "https://robot-ws.your-server.de";

/** How often a request is sent again when the service is down for maintenance, and after how long. */
const RETRIES = 3;
const RETRY_MS = 2_000;
const TIMEOUT_MS = 30_000;

interface Request {
  readonly method?: "GET" | "POST" | "DELETE";
  readonly form?: Readonly<Record<string, string>>;
  /** For messages: `asking for server 321`. */
  readonly what: string;
}

/**
 * Requests to the Robot web service (robot.hetzner.com/doc/webservice): HTTP basic authentication, forms as bodies, JSON as
 * answers. A wrong password is never tried twice, because the service locks out whoever does.
 */
export class WebService {
  constructor(private readonly account: Account) {
    const { protocol, hostname } = new URL(account.url);
    if (
      protocol !== "https:" &&
      !(protocol === "http:" && ["127.0.0.1", "localhost", "[::1]"].includes(hostname))
    )
      throw new RobotError(
        `Hetzner Robot: ${account.url} is not https, and the password would be read on the way.`,
        0,
        "",
      );
  }

  /** @throws {@link RobotError} for what is no success */
  async request<T>(path: string, { method = "GET", form, what }: Request): Promise<T> {
    for (let attempt = 0; ; attempt += 1) {
      const { status, body } = await this.send(path, method, form, what);
      if (status >= 200 && status < 300) return (body === "" ? {} : JSON.parse(body)) as T;
      if (status !== 503 || attempt === RETRIES) throw robotError(what, status, body);
      await sleep(RETRY_MS);
    }
  }

  /** The same; undefined where what was asked for is not there. */
  async find<T>(path: string, request: Request): Promise<T | undefined> {
    return this.request<T>(path, request).catch((error: unknown) => {
      if (error instanceof RobotError && error.status === 404 && error.code !== "SERVER_NOT_FOUND")
        return undefined;
      throw error;
    });
  }

  private async send(path: string, method: string, form: Request["form"], what: string) {
    const { url, user, password } = this.account;
    try {
      const response = await fetch(`${url.replace(/\/$/, "")}${path}`, {
        method,
        redirect: "error",
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` },
        ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
      });
      return { status: response.status, body: await response.text() };
    } catch (error) {
      const { message, cause } = error as Error;
      const why = cause instanceof Error ? cause.message : message;
      throw new RobotError(`Hetzner Robot, ${what}: ${url} does not answer: ${why}.`, 0, "", {
        cause: error,
      });
    }
  }
}
