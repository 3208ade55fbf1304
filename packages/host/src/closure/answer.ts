import { readValues } from "../scripts.js";

/** What a machine says about the store paths that it is told of. */
export interface Answer {
  /** Paths that its store lacks. */
  readonly missing: ReadonlySet<string>;
  /** Paths that its store knows, but whose files are gone. */
  readonly vanished: ReadonlySet<string>;
  /** Paths that its own binary caches offered. */
  readonly offered: ReadonlySet<string>;
  /** Its own binary caches that answered, where it was asked for them. */
  readonly caches: string | undefined;
  /** Programs that it has of those that unpack streams. */
  readonly programs: readonly string[];
  /** How long it thought about the answer, in milliseconds. */
  readonly tookMs: number;
}

/** The last line of an answer. */
export const isLastLine = (line: string): boolean => line.startsWith("firn:tookMs=");

/** Reads what `receive.sh` says before it takes paths in. */
export function parseAnswer(lines: readonly string[]): Answer {
  const values = readValues(lines.join("\n"));
  const marked = (mark: string) =>
    new Set(lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(mark.length)));
  return {
    missing: new Set(lines.filter((line) => line.startsWith("/"))),
    vanished: marked("firn:vanished="),
    offered: marked("firn:offered="),
    caches: values.get("caches")?.trim(),
    programs: (values.get("programs") ?? "").split(" ").filter((program) => program !== ""),
    tookMs: Number(values.get("tookMs")),
  };
}
