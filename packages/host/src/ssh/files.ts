import { join } from "node:path";

/** Files of a connection, all in its private directory. */
export interface ConnectionFiles {
  readonly directory: string;
  /** Where sessions find the open connection; a short path, because sockets' may have 108 bytes at most. */
  readonly socket: string;
  /** One for each host of the connection, the machine first, then its jump host, then that one's. */
  readonly hops: readonly HopFiles[];
}

/** What ssh needs for one host of a connection. */
export interface HopFiles {
  readonly knownHosts: string;
  readonly identity: string;
  readonly certificate: string;
  /** The ssh configuration for a host that the user's own applies to. */
  readonly configuration: string;
  /** What ssh said about a jump host; the machine's own goes to standard error. */
  readonly log: string;
}

/** The paths below a connection's private directory. */
export function filesIn(directory: string, hops: number): ConnectionFiles {
  return {
    directory,
    socket: join(directory, "s"),
    hops: Array.from({ length: hops }, (_, index) => {
      const file = (name: string) => join(directory, index === 0 ? name : `${name}-${index}`);
      return {
        knownHosts: file("known_hosts"),
        identity: file("identity"),
        certificate: file("certificate"),
        configuration: file("config"),
        log: file("log"),
      };
    }),
  };
}
