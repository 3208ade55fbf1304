/**
 * How far a deployment goes. `build` and `copy` end before activation; `dry-activate` shows what would happen; `test`
 * runs the system until the next boot; `boot` takes it from the next boot on; `switch` does both.
 */
export type Goal = "switch" | "boot" | "test" | "dry-activate" | "copy" | "build";
