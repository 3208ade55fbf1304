import * as pulumi from "@pulumi/pulumi";

/** Shows what happens to one machine, in Pulumi's own display. */
export interface Status {
  /** Replaces the machine's status line. */
  show(message: string): void;
  /** Adds a line that stays. */
  note(message: string): void;
  warn(message: string): void;
}

/** At least this long between two status lines that differ in numbers only. */
const PAUSE_MS = 500;

let connected = false;

/**
 * The status of the resource `urn`. In the provider's process Pulumi's log has no engine to talk to until it is told
 * the engine's address, which is the plugin's last argument; without one, lines go to the console.
 */
export function statusOf(urn: string): Status {
  const engine = process.argv.at(-1) ?? "";
  if (!connected && /^(127\.0\.0\.1|localhost|\[::1\]):\d+$/.test(engine)) {
    process.env.PULUMI_NODEJS_ENGINE ??= engine;
    connected = true;
  }
  const resource = { urn: pulumi.output(urn), __pulumiResource: true } as unknown as pulumi.Resource;
  const log = (write: typeof pulumi.log.info, message: string, ephemeral: boolean) => {
    // Where the engine only asks whether a dependent would be replaced, it does not tell the URN, and breaks on a line for it.
    if (!connected || !urn.startsWith("urn:")) return;
    // A line that could not be shown must not end a deployment.
    write(message, resource, undefined, ephemeral).catch(() => {});
  };
  let shown = { shape: "", time: 0 };
  return {
    show(message) {
      // Counts that run: a person reads a few a second, and a log keeps every one.
      const shape = message.replace(/[\d.]+/g, "0");
      const time = Date.now();
      if (shape === shown.shape && time - shown.time < PAUSE_MS) return;
      shown = { shape, time };
      log(pulumi.log.info, message, true);
    },
    note: (message) => log(pulumi.log.info, message, false),
    warn: (message) => log(pulumi.log.warn, message, false),
  };
}
