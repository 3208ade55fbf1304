import { runNix } from "./run.js";

/** What the user's Nix has switched on, without that by which an evaluation reads what nobody pinned. */
let features: Promise<string> | undefined;

/**
 * Experimental features for evaluations: the user's own but `flakes` and `fetch-tree`, whose `getFlake` and `fetchTree`
 * read any directory and any address in restricted mode (the latter in older versions).
 */
export function evaluationFeatures(): Promise<string> {
  features ??= runNix("nix", ["show-config"]).then(({ stdout }) =>
    (/^experimental-features = (.*)$/m.exec(stdout)?.[1] ?? "")
      .split(" ")
      .filter((name) => !["flakes", "fetch-tree", "nix-command"].includes(name))
      .join(" "),
  );
  return features;
}
