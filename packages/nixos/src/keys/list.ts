/** How many names a person still reads. */
const MOST = 12;

/** Names in one line, the first of them when there are many: `a, b and 88 more`. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, MOST).join(", ");
  return names.length > MOST ? `${shown} and ${names.length - MOST} more` : shown;
}
