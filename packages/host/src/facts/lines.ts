/** Lines `firn:key=value` of a script whose keys may come more than once; other lines do not count. */
export class Lines {
  private readonly values = new Map<string, string[]>();

  constructor(text: string) {
    for (const line of text.split("\n")) {
      const match = /^firn:([A-Za-z._]+)=(.*)$/.exec(line);
      if (match?.[1] === undefined) continue;
      const known = this.values.get(match[1]) ?? [];
      known.push(match[2] ?? "");
      this.values.set(match[1], known);
    }
  }

  all(key: string): readonly string[] {
    return this.values.get(key) ?? [];
  }

  /** Undefined for what is empty, too. */
  first(key: string): string | undefined {
    return this.all(key)[0] || undefined;
  }

  /** The values of a key, each split into its fields. */
  rows(key: string): string[][] {
    return this.all(key).map((value) => value.split("\t").map((field) => field.trim()));
  }
}

/** An object without the keys whose values are undefined or empty. */
export function given<T extends Record<string, unknown>>(
  values: T,
): { [K in keyof T]?: Exclude<T[K], undefined | ""> } {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value !== ""),
  ) as { [K in keyof T]?: Exclude<T[K], undefined | ""> };
}
