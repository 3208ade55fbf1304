import { onceForNix } from "./once.js";
import { runNix } from "./run.js";

/**
 * Experimental features for evaluations: the user's own but `flakes` and `fetch-tree`, whose `getFlake` and `fetchTree`
 * read any directory and any address in restricted mode (the latter in older versions).
 */
export const evaluationFeatures = onceForNix(async () => {
  const { stdout } = await runNix("nix", ["show-config"]);
  const all = /^experimental-features = (.*)$/m.exec(stdout)?.[1] ?? "";
  return all
    .split(" ")
    .filter((name) => !["flakes", "fetch-tree", "nix-command"].includes(name))
    .join(" ");
});
