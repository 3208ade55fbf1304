/** How often and how long a check is tried. */
export interface Attempts {
  /** What it is called in messages; default: what it does. */
  readonly name?: string;
  /** How long one attempt may take, in seconds; default 10. */
  readonly timeout?: number;
  /** Pause between two attempts, in seconds; default 2. */
  readonly interval?: number;
  /** Attempts after the first one before the check has failed; default 5. */
  readonly retries?: number;
}

/** From where something is asked: the deployer's computer, or the machine itself through the connection to it. */
export type From = "deployer" | "machine";

/** An HTTP request (GET) and the answer that is expected. */
export interface HttpCheck {
  /** Where to ask; default: the machine's address with `port` and `path`. Asked from the machine, its host may be `localhost`. */
  readonly url?: string;
  /** Default 80. */
  readonly port?: number;
  /** Default `/`. */
  readonly path?: string;
  /** Status code, or several of which one is expected; default: 200 to 299. Redirections are not followed. */
  readonly status?: number | readonly number[];
  /** Text that the answer must contain. */
  readonly body?: string;
  /** For example `{ Host: "shop.example" }`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Default `deployer`. */
  readonly from?: From;
}

/** A TCP port that must let in a connection. */
export interface TcpCheck {
  readonly port: number;
  /** Default: the machine's address, or `localhost` when asked from the machine. */
  readonly host?: string;
  /** Default `deployer`. */
  readonly from?: From;
}

/** One thing that must hold before a new system is confirmed: exactly one of `http`, `tcp`, `command` and `units`. */
export interface HealthCheck extends Attempts {
  readonly http?: HttpCheck;
  readonly tcp?: TcpCheck;
  /** A command with its arguments that runs on the machine as root, without a shell, and must end with 0. */
  readonly command?: readonly string[];
  /** Names of systemd units that must be active. */
  readonly units?: readonly string[];
}

const KINDS = ["http", "tcp", "command", "units"] as const;

/** Which of the four a check is. */
export function kindOf(check: HealthCheck): (typeof KINDS)[number] | undefined {
  return KINDS.find((kind) => check[kind] !== undefined);
}

/** What a check is called in messages. */
export function nameOf(check: HealthCheck): string {
  if (check.name !== undefined) return check.name;
  if (check.http)
    return `http ${check.http.url ?? `port ${check.http.port ?? 80} ${check.http.path ?? "/"}`}`;
  if (check.tcp) return `tcp port ${check.tcp.port}`;
  if (check.command) return `command ${check.command.join(" ").slice(0, 80)}`;
  return `units ${check.units?.join(" ")}`;
}

/** Says what is wrong with a check, for a message; undefined when nothing is. */
export function faultOfCheck(check: HealthCheck): string | undefined {
  const kinds = KINDS.filter((kind) => check[kind] !== undefined);
  if (kinds.length !== 1)
    return `it must have exactly one of ${KINDS.join(", ")}, and has ${kinds.join(" and ") || "none"}`;
  const port = check.http?.port ?? check.tcp?.port;
  if (check.tcp && port === undefined) return "tcp needs a port";
  if (port !== undefined && !(Number.isInteger(port) && port >= 1 && port <= 65_535))
    return `${port} is no port number`;
  if (check.http?.url !== undefined && !/^https?:\/\/[^/]/.test(check.http.url))
    return `${JSON.stringify(check.http.url)} is no http or https URL`;
  if (check.http?.path !== undefined && !check.http.path.startsWith("/"))
    return `the path ${JSON.stringify(check.http.path)} must begin with "/"`;
  for (const kind of ["command", "units"] as const) if (check[kind]?.length === 0) return `${kind} is empty`;
  for (const key of ["timeout", "interval", "retries"] as const) {
    const value = check[key];
    if (value !== undefined && !(Number.isFinite(value) && value >= 0))
      return `${key} must be a number, 0 or more, and is ${value}`;
  }
  if (check.timeout === 0) return "timeout must be more than 0";
  return undefined;
}
