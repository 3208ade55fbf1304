import { findSourceMap } from "node:module";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";

/** Where in the user's program something was declared. */
export interface SourceLocation {
  /** Absolute path of the program's file. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1. */
  readonly column?: number;
  /** The calls that led there, the innermost first; found out when asked. */
  readonly callers?: () => readonly SourceLocation[];
}

/**
 * The place in the user's program that called `entry`, a public function or constructor of Firn.
 *
 * Source maps lead to the TypeScript line: Node's own, which tsx and type stripping fill, else those of whoever formats
 * stacks, as ts-node does.
 *
 * @param isOwn whether a file is one of Firn's, which is never what is looked for
 */
export function callerOf(
  entry: (...args: never[]) => unknown,
  isOwn: (file: string) => boolean = () => false,
): SourceLocation | undefined {
  const frames = framesAbove(entry);
  const first = frames.findIndex((frame) => {
    const location = locationOf(frame);
    return location !== undefined && !isOwn(location.file);
  });
  const location = frames[first] && locationOf(frames[first]);
  return (
    location && { ...location, callers: () => frames.slice(first + 1).flatMap((frame) => ownLocation(frame)) }
  );
}

function locationOf(frame: NodeJS.CallSite): SourceLocation | undefined {
  const name = frame.getFileName();
  const line = frame.getLineNumber();
  if (!name || line === null || name.startsWith("node:")) return undefined;
  const file = name.startsWith("file://") ? fileURLToPath(name.replace(/\?.*$/, "")) : name;
  return { file, ...original(frame, name, line, frame.getColumnNumber() ?? 1) };
}

/** A frame of the user's own code. */
function ownLocation(frame: NodeJS.CallSite): SourceLocation[] {
  const location = locationOf(frame);
  return location && !location.file.includes("/node_modules/") ? [location] : [];
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

function original(
  frame: NodeJS.CallSite,
  name: string,
  line: number,
  column: number,
): { line: number; column: number } {
  const entry = findSourceMap(name)?.findEntry(line - 1, column - 1);
  if (entry && "originalLine" in entry)
    return { line: entry.originalLine + 1, column: entry.originalColumn + 1 };
  const formatted: unknown = Error.prepareStackTrace?.(new Error(), [frame]);
  const [, shownLine, shownColumn] = /:(\d+):(\d+)\)?\s*$/.exec(String(formatted)) ?? [];
  return shownLine && shownColumn
    ? { line: Number(shownLine), column: Number(shownColumn) }
    : { line, column };
}

/** `index.ts:12`, relative to the project root. */
export function showLocation(location: SourceLocation | undefined, root: string): string {
  return location ? `${relative(root, location.file) || location.file}:${location.line}` : "the program";
}
