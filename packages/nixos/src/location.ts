import { findSourceMap } from "node:module";
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
 * Source maps lead to the TypeScript line where the loader has them, as tsx and Node's own type stripping do.
 */
export function callerOf(entry: (...args: never[]) => unknown): SourceLocation | undefined {
  for (const frame of framesAbove(entry)) {
    const name = frame.getFileName();
    const line = frame.getLineNumber();
    if (!name || line === null || name.startsWith("node:")) continue;
    const file = name.startsWith("file://") ? fileURLToPath(name.replace(/\?.*$/, "")) : name;
    return { file, line: originalLine(name, line, frame.getColumnNumber() ?? 1) };
  }
  return undefined;
}

/** Frames as V8 has them: whoever formats stacks (Pulumi does) may have mapped them or not. */
function framesAbove(entry: (...args: never[]) => unknown): NodeJS.CallSite[] {
  const prepare = Error.prepareStackTrace;
  try {
    Error.prepareStackTrace = (_error, frames) => frames;
    const holder: { stack?: NodeJS.CallSite[] } = {};
    Error.captureStackTrace(holder, entry);
    return holder.stack ?? [];
  } finally {
    Error.prepareStackTrace = prepare;
  }
}

function originalLine(name: string, line: number, column: number): number {
  const entry = findSourceMap(name)?.findEntry(line - 1, column - 1);
  return entry && "originalLine" in entry ? entry.originalLine + 1 : line;
}

/** `index.ts:12`, relative to the project root. */
export function showLocation(location: SourceLocation | undefined, root: string): string {
  return location ? `${relative(root, location.file) || location.file}:${location.line}` : "the program";
}
