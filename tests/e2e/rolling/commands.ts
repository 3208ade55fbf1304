import { readFileSync } from "node:fs";

/** A command of a page, and whether it is one that shows a failure. */
export interface Command {
  readonly text: string;
  readonly fails: boolean;
}

/** A page's program and its commands, in their order: blocks ```` ```sh ```` and, for failures, ```` ```sh fails ````. */
export function readCommands(file: string): {
  readonly program: string;
  readonly commands: readonly Command[];
} {
  const blocks = [...readFileSync(file, "utf8").matchAll(/^```(\w+)( fails)?\n(.*?)^```$/gms)];
  return {
    program: blocks.find((block) => block[1] === "ts")?.[3] ?? "",
    commands: blocks
      .filter((block) => block[1] === "sh")
      .flatMap((block) =>
        (block[3] ?? "")
          .trim()
          .split("\n")
          .map((text) => ({ text, fails: block[2] !== undefined })),
      ),
  };
}
