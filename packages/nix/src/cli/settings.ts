import { onceForNix } from "./once.js";
import { runNix } from "./run.js";

/** What an evaluation can see of the user's Nix. */
export interface EvaluationSettings {
  /**
   * Experimental features for evaluations, separated by spaces: the user's own but `flakes` and `fetch-tree`, whose
   * `getFlake` and `fetchTree` read any directory and any address in restricted mode (the latter in older versions).
   */
  readonly features: string;
  /** `builtins.currentSystem`. */
  readonly system: string;
}

/** Asks Nix for its settings. */
export const evaluationSettings = onceForNix(async (): Promise<EvaluationSettings> => {
  const { stdout } = await runNix("nix", ["show-config"]);
  const setting = (name: string) => new RegExp(`^${name} = (.*)$`, "m").exec(stdout)?.[1] ?? "";
  const features = setting("experimental-features")
    .split(" ")
    .filter((name) => !["flakes", "fetch-tree", "nix-command"].includes(name));
  return { features: features.join(" "), system: setting("system") };
});
