/** How far deployments can go, from the shortest to the whole way. */
export const GOALS = ["build", "copy", "dry-activate", "test", "boot", "switch"] as const;

/**
 * How far a deployment goes. `build` and `copy` end before activation; `dry-activate` shows what would happen; `test`
 * runs the system until the next boot; `boot` takes it from the next boot on; `switch` does both.
 */
export type Goal = (typeof GOALS)[number];

export function isGoal(text: string): text is Goal {
  return (GOALS as readonly string[]).includes(text);
}
