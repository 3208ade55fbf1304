/** What the Robot web service refused, or a server that did not do what it was asked: the message may be shown bare. */
export class RobotError extends Error {
  override readonly name = "RobotError";
  constructor(
    message: string,
    /** HTTP status; 0 where there was no answer. */
    readonly status: number,
    /** The service's own word, such as `SERVER_NOT_FOUND`; empty where it said none. */
    readonly code: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** An error's body (robot.hetzner.com/doc/webservice, "Errors"). */
interface ErrorBody {
  readonly code?: string;
  readonly message?: string;
  readonly missing?: readonly string[] | null;
  readonly invalid?: readonly string[] | null;
  readonly max_request?: number;
  readonly interval?: number;
}

/** What to do about an error, by its code. */
const ADVICE: Readonly<Record<string, string>> = {
  SERVER_NOT_FOUND:
    "there is no server with this number in the account: the number is on the server's page, behind the #, and the web service's user must be of the same account",
  BOOT_NOT_AVAILABLE: "this server has no rescue system: look at its page, tab Rescue",
  BOOT_ALREADY_ENABLED:
    "another installation waits for the server's next boot: take it back on the server's page (tabs Rescue, Linux, VNC), and run again",
  CONFLICT: "somebody else is changing it: run again in a minute",
  BOOT_BLOCKED: "the boot configuration is blocked: ask Hetzner's support",
  BOOT_ACTIVATION_FAILED: "Hetzner could not activate the rescue system: run again in some minutes",
  RESET_NOT_AVAILABLE: "this server cannot be reset by the web service: order a manual reset on its page",
  RESET_MANUAL_ACTIVE: "a technician was ordered to reset it: wait until that is done, and run again",
  RESET_FAILED: "Hetzner could not reset the server: run again, or order a manual reset on its page",
  IP_NOT_FOUND: "this address does not belong to the account",
  NOT_FOUND: "it is not there",
};

/**
 * The error for an answer that is no success.
 *
 * @param what what was asked, for people: `activating the rescue system of server 321`
 * @param body the text that came
 */
export function robotError(what: string, status: number, body: string): RobotError {
  const error = parse(body);
  const { code = "" } = error;
  const fail = (why: string) => new RobotError(`Hetzner Robot, ${what}: ${why}.`, status, code);
  if (status === 401)
    return fail(
      "user or password are wrong. The web service has a user of its own (Robot, Settings, Web service and app settings); after three attempts it lets this computer's address wait for ten minutes",
    );
  if (code === "RATE_LIMIT_EXCEEDED")
    return fail(
      `${error.max_request ?? "all"} requests of this kind in ${error.interval ?? "some"} s are used up: wait that long, and run again`,
    );
  if (status === 503) return fail("the web service is down for maintenance: run again later");
  if (code === "INVALID_INPUT") {
    const named = (word: string, names: readonly string[] | null | undefined) =>
      names?.length ? [`${word} ${names.join(", ")}`] : [];
    return fail(
      `it does not take this: ${[...named("missing", error.missing), ...named("invalid", error.invalid)].join("; ")}`,
    );
  }
  const said =
    [error.message, code && `(${code}, HTTP ${status})`].filter(Boolean).join(" ") || `HTTP ${status}`;
  const advice = ADVICE[code];
  return fail(advice === undefined ? said : `${said}: ${advice}`);
}

function parse(body: string): ErrorBody {
  try {
    return (JSON.parse(body) as { error?: ErrorBody }).error ?? {};
  } catch {
    return {};
  }
}
