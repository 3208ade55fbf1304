import { relative } from "node:path";
import { fileURLToPath } from "node:url";

/** Where in the user's program something was declared. */
export interface SourceLocation {
  /** Absolute path of the program's file. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
}

/**
 * The place in the user's program that called `entry`, a public function or constructor of Firn.
 * Source maps must be on, as `--import tsx` and Pulumi's own TypeScript support have them.
 */
export function callerOf(entry: (...args: never[]) => unknown): SourceLocation | undefined {
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, entry);
  for (const frame of (holder.stack ?? "").split("\n").slice(1)) {
    const match = /\(?((?:file:\/\/)?\/[^()]*?):(\d+):\d+\)?$/.exec(frame.trim());
    if (!match?.[1]) continue;
    const file = match[1].startsWith("file://") ? fileURLToPath(match[1].replace(/\?.*$/, "")) : match[1];
    return { file, line: Number(match[2]) };
  }
  return undefined;
}

/** `index.ts:12`, relative to the project root. */
export function showLocation(location: SourceLocation | undefined, root: string): string {
  return location ? `${relative(root, location.file) || location.file}:${location.line}` : "the program";
}
