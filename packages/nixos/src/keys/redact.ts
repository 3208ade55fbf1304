import type { Key } from "@firn/host";
import type { Status } from "../status.js";
import type { MachineKeys } from "./values.js";

/** Shorter values are found in every text, and showing them gives nothing away. */
const SHORTEST = 4;
/** Short lines of longer values, such as `}`, are no secret. */
const SHORTEST_LINE = 8;

/**
 * Takes the values of keys out of text that a machine wrote: a unit that fails may well print its key.
 *
 * @returns a function that puts `[key NAME]` in their place
 */
export function redactor(keys: readonly Pick<Key, "name" | "value">[]): (text: string) => string {
  const secrets = keys
    .flatMap(({ name, value }) => {
      const text = Buffer.from(value).toString("utf8").trim();
      // What machines write is told line by line.
      const lines = text.includes("\n") ? text.split("\n").map((line) => line.trim()) : [];
      return [
        ...(text.length >= SHORTEST ? [{ name, part: text }] : []),
        ...lines.filter((line) => line.length >= SHORTEST_LINE).map((part) => ({ name, part })),
      ];
    })
    .sort((a, b) => b.part.length - a.part.length);
  return (text) => secrets.reduce((rest, { name, part }) => rest.replaceAll(part, `[key ${name}]`), text);
}

/** A status that shows no values of keys. */
export function redactedStatus(status: Status, keys: MachineKeys | undefined): Status {
  if (!keys) return status;
  const redact = redactor(keys.keys);
  return {
    show: (message) => status.show(redact(message)),
    note: (message) => status.note(redact(message)),
    warn: (message) => status.warn(redact(message)),
  };
}
