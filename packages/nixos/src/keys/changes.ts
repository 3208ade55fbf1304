import { listNames } from "./list.js";
import type { KeyState } from "./state.js";

type Keys = Readonly<Record<string, KeyState>> | undefined;

/** What differs between the keys of two states, in one line: `keys: ~ pg-password, + smtp`; undefined when nothing does. */
export function keyChanges(old: Keys, next: Keys): string | undefined {
  const names = [...new Set([...Object.keys(old ?? {}), ...Object.keys(next ?? {})])].sort();
  const changes = names.flatMap((name) => {
    const [before, after] = [old?.[name], next?.[name]];
    if (canonical(before) === canonical(after)) return [];
    return `${before === undefined ? "+" : after === undefined ? "-" : "~"} ${name}`;
  });
  return changes.length === 0 ? undefined : `keys: ${listNames(changes)}`;
}

/** The engine does not keep the order of properties. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
