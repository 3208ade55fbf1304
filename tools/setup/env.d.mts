/** Where set-up writes what it found, for the processes that come after it. */
export declare const recordFile: string;

/**
 * The whole environment for child processes that run Pulumi and Nix: this process' own, with the programs that set-up
 * found first on PATH, a Pulumi home in the cache, a file backend and Nix' configuration. Does no work.
 *
 * @param options.state folder of the file backend; the checkout's `.firn/state` by default
 * @throws where set-up has never run in this checkout
 */
export declare function environment(options?: { state?: string }): Record<string, string>;
