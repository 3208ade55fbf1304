import { availableParallelism } from "node:os";

/** How many of each kind of work run at once in one provider process, beside Pulumi's own `--parallel`. */
export const LIMITS = {
  /** Streams of store paths; each one compresses and encrypts on one core. */
  copies: Math.max(4, availableParallelism() * 2),
  /** Activations wait on the machines, not on this computer. */
  activations: 64,
  /** How long a build request waits for others to join its Nix run, in milliseconds. */
  buildGatherMs: 100,
} as const;

/** Lets at most `limit` tasks run at once; the others wait in order. */
export class Gate {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly limit: number) {}

  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.running >= this.limit) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.running += 1;
    try {
      return await task();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }
}
