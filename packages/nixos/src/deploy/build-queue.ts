import { type RealiseProgress, type RealiseRequest, realise } from "@firn/nix";
import { LIMITS } from "../limits.js";

interface Waiting {
  readonly request: RealiseRequest;
  readonly onProgress: (progress: RealiseProgress) => void;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Gathers builds: requests that come within a moment of each other, or while a build runs, become one Nix run, which
 * shares dependencies and goes on when one of them fails.
 */
export class BuildQueue {
  private waiting: Waiting[] = [];
  private running = false;

  /** Builds a derivation. @throws a `BuildError` with the failing derivation's last log lines */
  build(request: RealiseRequest, onProgress: (progress: RealiseProgress) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ request, onProgress, resolve, reject });
      if (!this.running) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.waiting.length > 0) {
      await new Promise((resolve) => setTimeout(resolve, LIMITS.buildGatherMs));
      const batch = this.waiting;
      this.waiting = [];
      const results = await realise(
        batch.map((each) => each.request),
        (progress) => {
          for (const each of batch) each.onProgress(progress);
        },
      ).catch((error: Error) => batch.map(() => error));
      for (const [index, each] of batch.entries()) {
        const error = results[index];
        if (error) each.reject(error);
        else each.resolve();
      }
    }
    this.running = false;
  }
}
